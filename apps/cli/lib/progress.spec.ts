import { describe, expect, it } from '@jest/globals';

import { Progress } from './progress.ts';

class Terminal {
  text = '';
  constructor(readonly isTTY: boolean) {}

  write(text: string): boolean {
    this.text += text;
    return true;
  }
}

describe('progress', () => {
  it('is a bar with the rate and the time left, on a terminal', () => {
    const terminal = new Terminal(true);
    const progress = new Progress(terminal);
    progress.update(1_234_567, 0.25);
    expect(terminal.text).toMatch(/^\r█{6}░{18} {2}25 % {2}1,234,567 events, [\d,]+\/s {2}0:\d\d left $/);
    progress.end('audited');
    expect(terminal.text).toMatch(/\[Kaudited in \d+\.\d s: 1,234,567 events, .* MiB of memory\n$/);
  });

  it('is one line at the end anywhere else', () => {
    const file = new Terminal(false);
    const progress = new Progress(file);
    progress.update(10, 0.5);
    expect(file.text).toBe('');
    progress.end('audited');
    expect(file.text).toMatch(/^audited in .*\n$/);
  });

  it('does not leave its bar when there is more than was thought', () => {
    const terminal = new Terminal(true);
    new Progress(terminal).update(5, 1.5);
    expect(terminal.text).toContain(`${'█'.repeat(24)} 100 %`);
  });
});
