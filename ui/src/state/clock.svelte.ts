/** The time as the window shows it: rows look at minutes, the status line at seconds. */
export class Clock {
  /** Milliseconds, renewed every second. */
  second = $state(Date.now());
  /** Milliseconds, renewed every quarter of a minute, so that a thousand rows do not move with the seconds. */
  minute = $state(Date.now());

  /** Starts ticking; the returned function stops it. */
  start(): () => void {
    const timer = setInterval(() => this.set(Date.now()), 1_000);
    return () => clearInterval(timer);
  }

  /** Sets the time by hand (tests), or by the timer. */
  set(now: number): void {
    this.second = now;
    if (Math.abs(now - this.minute) >= 15_000) this.minute = now;
  }
}
