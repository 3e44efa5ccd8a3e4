import { readFileSync } from 'node:fs';

/** Unit of the times in /proc: USER_HZ is 100 on every Linux that Node runs on. */
const TICKS_PER_SECOND = 100;

/**
 * CPU time that a process used so far with all its threads, user and system, in seconds; resolution 10 ms.
 * @throws when there is no such process or no /proc
 */
export const cpuSecondsOf = (pid: number): number =>
  parseCpuSeconds(readFileSync(`/proc/${String(pid)}/stat`, 'latin1'));

/**
 * Memory of a process that is in RAM, bytes.
 * @throws when there is no such process or no /proc
 */
export const residentBytesOf = (pid: number): number =>
  parseResidentBytes(readFileSync(`/proc/${String(pid)}/status`, 'latin1'));

/**
 * Bytes that a process has caused to be written to disks so far, in whole pages; 0 where the files are in memory.
 * @throws when there is no such process, no /proc, or it is not ours
 */
export const writtenBytesOf = (pid: number): number =>
  parseWrittenBytes(readFileSync(`/proc/${String(pid)}/io`, 'latin1'));

/** CPU time that everything on this host used so far, all cores, in seconds. @throws when there is no /proc */
export const hostCpuSeconds = (): number => parseHostCpuSeconds(readFileSync('/proc/stat', 'latin1'));

/** Reads `utime` and `stime` of a /proc/<pid>/stat line; the program's name in it may hold spaces and brackets. */
export function parseCpuSeconds(stat: string): number {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}

/** Adds what is neither idle nor waiting in the first line of /proc/stat: user, nice, system, irq, softirq, steal. */
export function parseHostCpuSeconds(stat: string): number {
  const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0, steal = 0] = stat
    .slice(0, stat.indexOf('\n'))
    .replace(/^cpu\s+/, '')
    .split(' ')
    .map(Number);
  return (user + nice + system + irq + softirq + steal) / TICKS_PER_SECOND;
}

export function parseResidentBytes(status: string): number {
  const kibibytes = /^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1];
  return kibibytes === undefined ? 0 : Number(kibibytes) * 1024;
}

export const parseWrittenBytes = (io: string): number => Number(/^write_bytes: (\d+)$/m.exec(io)?.[1] ?? 0);
