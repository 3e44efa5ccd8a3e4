import { expect, test } from '@jest/globals';

import { parseCpuSeconds, parseHostCpuSeconds, parseResidentBytes, parseWrittenBytes } from './proc.ts';

test('adds user and system time, whatever the program is called', () => {
  const stat = '4711 (a) b (c) S 1 4711 4711 0 -1 4194304 5000 0 0 0 1234 66 7 8 20 0 11 0 100 1000 2000';
  expect(parseCpuSeconds(stat)).toBe(13);
});

test('adds what the host did not idle away', () => {
  expect(parseHostCpuSeconds('cpu  100 20 30 9999 8888 4 5 6 0 0\ncpu0 1 1 1 1 1 1 1 1 0 0\n')).toBe(1.65);
});

test('finds the resident memory', () => {
  expect(parseResidentBytes('Name:\tnode\nVmSize:\t  999 kB\nVmRSS:\t   100 kB\nThreads:\t11\n')).toBe(102_400);
});

test('a zombie has none', () => {
  expect(parseResidentBytes('Name:\tnode\nState:\tZ (zombie)\n')).toBe(0);
});

test('finds what was written to disks, not what was handed to the kernel', () => {
  expect(parseWrittenBytes('rchar: 1\nwchar: 22\nread_bytes: 0\nwrite_bytes: 4096\ncancelled_write_bytes: 5\n')).toBe(
    4096,
  );
});
