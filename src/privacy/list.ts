// Who was erased, by public id, outside the database: a backup that is brought back knows nothing of erasures since, and they are done
// again. The list lies beside the key file and, where there is one, in the replica; it names nobody.
import { appendFile, readFile } from "node:fs/promises"
import { join } from "node:path"
import type { Log } from "../app/index.ts"
import type { Replica } from "../replica/index.ts"

const FILE = "erased"
const IN_REPLICA = "erased/"
const ID = /^usr_[0-9A-Z]{26}$/

export class ErasedList {
  private readonly path: string
  constructor(
    dataDir: string,
    private readonly replica: Pick<Replica, "note" | "notes">,
    private readonly log: Log,
  ) {
    this.path = join(dataDir, FILE)
  }

  /** On the disk when it resolves. In the replica too, or with the next look. */
  async add(publicId: string): Promise<void> {
    if (!(await this.here()).has(publicId)) await appendFile(this.path, `${publicId}\n`, { mode: 0o600, flush: true })
    await this.replica.note(`${IN_REPLICA}${publicId}`).catch((error: unknown) => this.away(error))
  }

  /** What either knows; each is told what it lacks. */
  async all(): Promise<Set<string>> {
    const here = await this.here()
    try {
      const there = new Set((await this.replica.notes(IN_REPLICA)).map((name) => name.slice(IN_REPLICA.length)))
      for (const id of here) if (!there.has(id)) await this.replica.note(`${IN_REPLICA}${id}`)
      const missing = [...there].filter((id) => ID.test(id) && !here.has(id))
      if (missing.length > 0)
        await appendFile(this.path, missing.map((id) => `${id}\n`).join(""), { mode: 0o600, flush: true })
      return new Set([...here, ...missing])
    } catch (error) {
      this.away(error)
      return here
    }
  }

  private async here(): Promise<Set<string>> {
    const text = await readFile(this.path, "utf8").catch((error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return ""
      throw error
    })
    return new Set(text.split("\n").filter((line) => ID.test(line)))
  }

  private away(error: unknown): void {
    this.log.warn("privacy.list_behind", { error, advice: "the list of erased people is sent to the replica again" })
  }
}
