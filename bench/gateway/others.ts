// What other processes take of this machine meanwhile: a round that they disturbed says little about either side, and is repeated. Chosen
// by this alone, never by what the round found.
import { readFileSync } from "node:fs"
import { cpus } from "node:os"

/** Above this share of all processors a round counts as disturbed. */
export const DISTURBED = 0.08

/** /proc counts in hundredths of a second. */
const TICK_MS = 10
/** Idle and waiting for the disk, among the columns of /proc/stat. */
const IDLE = [3, 4]

const LOOK_MS = 500
/** After this long it is measured all the same. */
const WAIT_MS = 5_000

export class Others {
  private busy: number
  private own: number
  private atMs = performance.now()

  /** @param pids the processes of the run itself */
  constructor(private readonly pids: number[]) {
    this.busy = busyTicks()
    this.own = this.ownTicks()
  }

  /** Share of all processors that others used since the last question, 0…1; always 0 where there is no /proc. */
  share(): number {
    const [busy, own, atMs] = [busyTicks(), this.ownTicks(), performance.now()]
    const others = busy - this.busy - (own - this.own)
    const whole = ((atMs - this.atMs) / TICK_MS) * cpus().length
    this.busy = busy
    this.own = own
    this.atMs = atMs
    return Math.max(0, others / whole)
  }

  /** Waits until nobody else is at work, within reason. */
  async quiet(): Promise<void> {
    const endMs = performance.now() + WAIT_MS
    do {
      this.share()
      await Bun.sleep(LOOK_MS)
    } while (this.share() > DISTURBED && performance.now() < endMs)
  }

  private ownTicks(): number {
    return this.pids.reduce((sum, pid) => {
      // Its name may hold spaces; what follows the last bracket does not. User and system time are columns 14 and 15.
      const columns = read(`/proc/${pid}/stat`).split(") ").at(-1)!.split(" ")
      return sum + Number(columns[11] ?? 0) + Number(columns[12] ?? 0)
    }, 0)
  }
}

function busyTicks(): number {
  // "cpu  user nice system idle iowait irq softirq steal guest guest_nice": guests stand in user already.
  const columns = read("/proc/stat").split("\n")[0]!.split(/\s+/).slice(1, 9).map(Number)
  return columns.reduce((sum, ticks, at) => (IDLE.includes(at) ? sum : sum + ticks), 0)
}

function read(path: string): string {
  try {
    return readFileSync(path, "utf8")
  } catch {
    return ""
  }
}
