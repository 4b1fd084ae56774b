// A file inside an answer of JSON, as base64: some providers send what they made so, tens of megabytes of it. The answer is read as it comes:
// what is left of it is small, and of the file no more is in memory than one piece.

const [QUOTE, BACKSLASH, COLON] = [0x22, 0x5c, 0x3a]
/** No name of a member that is looked for is longer. */
const NAME_MAX = 64
const SPACES = new Set([0x20, 0x09, 0x0a, 0x0d])
/** With what JSON may escape of it, and both alphabets. */
const ESCAPE = /\\(?:u00([0-9a-fA-F]{2})|(.))/g
const BASE64 = /^[A-Za-z0-9+/_=-]*$/

/** Takes the text of every member `name` out of JSON; of the first one the bytes are handed over. */
export class FileInJson {
  /** Of the file, so far. */
  size = 0
  isWhole = false
  private at: "out" | "string" | "file" = "out"
  private isEscaped = false
  /** The string that runs, or ended last and may be a name; null = none can be. */
  private said: number[] | null = null
  private isNamed = false
  private files = 0
  private text = ""

  /** @param rest of the answer: in place of the file the number of its bytes */
  constructor(
    private readonly name: string,
    private readonly rest: (bytes: Uint8Array) => void,
    private readonly file: (bytes: Uint8Array) => void = () => {},
  ) {}

  /** @throws SyntaxError where the file is no base64 */
  push(bytes: Uint8Array): void {
    let from = 0
    for (let at = 0; at < bytes.length; at++) {
      if (this.at === "file") {
        // No base64 has a quote, escaped or not.
        const end = bytes.indexOf(QUOTE, at)
        this.take(end < 0 ? bytes.subarray(at) : bytes.subarray(at, end))
        if (end < 0) return
        this.endFile()
        from = end
        at = end
      } else if (this.step(bytes[at]!)) {
        this.rest(bytes.subarray(from, at + 1))
        from = at + 1
      }
    }
    if (this.at !== "file") this.rest(bytes.subarray(from))
  }

  /** @returns whether a file begins behind it */
  private step(byte: number): boolean {
    if (this.at === "string") {
      if (this.isEscaped) this.isEscaped = false
      else if (byte === BACKSLASH) this.isEscaped = true
      else if (byte === QUOTE) this.at = "out"
      if (this.at === "string" && this.said && this.said.push(byte) > NAME_MAX) this.said = null
      return false
    }
    if (SPACES.has(byte)) return false
    if (byte === QUOTE && this.isNamed) {
      this.isNamed = false
      this.at = "file"
      this.files++
      return true
    }
    this.isNamed = byte === COLON && this.said !== null && String.fromCharCode(...this.said) === this.name
    this.said = byte === QUOTE ? [] : null
    if (byte === QUOTE) this.at = "string"
    return false
  }

  private take(bytes: Uint8Array): void {
    if (this.files > 1) return
    this.text += Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("latin1")
    // An escape may go on in the next piece, and so may four letters, which are three bytes.
    const open = this.text.lastIndexOf("\\")
    const whole = open >= 0 && open > this.text.length - 6 ? open : this.text.length
    const plain = plainOf(this.text.slice(0, whole))
    const even = plain.length - (plain.length % 4)
    this.hand(plain.slice(0, even))
    this.text = plain.slice(even) + this.text.slice(whole)
  }

  private hand(text: string): void {
    if (text === "") return
    if (!BASE64.test(text)) throw new SyntaxError("a file that is no base64")
    const bytes = Buffer.from(text, "base64")
    this.size += bytes.length
    this.file(bytes)
  }

  private endFile(): void {
    if (this.files === 1) {
      this.hand(plainOf(this.text))
      this.text = ""
      this.isWhole = true
    }
    this.rest(Buffer.from(String(this.files === 1 ? this.size : 0)))
    this.at = "out"
    this.said = null
  }
}

const plainOf = (text: string): string =>
  text.includes("\\")
    ? text.replace(ESCAPE, (_, code: string | undefined, other: string) => {
        if (code !== undefined) return String.fromCharCode(Number.parseInt(code, 16))
        return other === "n" || other === "r" ? "" : other
      })
    : text
