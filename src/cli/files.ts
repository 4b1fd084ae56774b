// Files that verbs write and read: whole or not at all, line by line, with flat memory.
import { closeSync, existsSync, fsyncSync, openSync, readSync, renameSync, rmSync, writeSync } from "node:fs"

/** A file that cannot be read or written; the message says which and why. */
export class FileError extends Error {
  override name = "FileError"
}

const CHUNK_BYTES = 1024 * 1024
/** A transaction over ten thousand lots is about 1 MB. */
const LINE_CHARS_MAX = 64 * 1024 * 1024

/** Writes beside the file and puts it in place when all of it is on the disk; refuses to replace one that is there. */
export function writeWhole(path: string, parts: Iterable<string>): number {
  if (existsSync(path)) throw new FileError(`${path} is there already; choose another name or move it away`)
  const draft = `${path}.part`
  let lines = 0
  try {
    const file = openSync(draft, "w", 0o600)
    try {
      for (const chunk of gathered(parts)) {
        writeAll(file, chunk.text)
        lines += chunk.parts
      }
      fsyncSync(file)
    } finally {
      closeSync(file)
    }
    renameSync(draft, path)
    return lines
  } catch (error) {
    rmSync(draft, { force: true })
    if ((error as NodeJS.ErrnoException).syscall)
      throw new FileError(`cannot write ${path}: ${(error as Error).message}`)
    throw error
  }
}

/** Few writes instead of one a line. */
export function* gathered(parts: Iterable<string>): Generator<{ text: string; parts: number }> {
  let text = ""
  let count = 0
  for (const part of parts) {
    text += part
    count++
    if (text.length < CHUNK_BYTES) continue
    yield { text, parts: count }
    text = ""
    count = 0
  }
  if (count > 0) yield { text, parts: count }
}

function writeAll(file: number, text: string): void {
  const bytes = Buffer.from(text)
  for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at)
}

/** Lines of a UTF-8 file without their ends; a last line without an end counts too. @throws FileError */
export function* linesOf(path: string): Generator<string> {
  let file: number
  try {
    file = openSync(path, "r")
  } catch (error) {
    throw new FileError(`cannot read ${path}: ${(error as Error).message}`)
  }
  try {
    const decoder = new TextDecoder("utf-8", { fatal: true })
    const chunk = Buffer.alloc(CHUNK_BYTES)
    let rest = ""
    for (;;) {
      const size = readSync(file, chunk)
      rest += decoded(decoder, chunk.subarray(0, size), size > 0, path)
      let from = 0
      for (let end = rest.indexOf("\n"); end >= 0; end = rest.indexOf("\n", from)) {
        yield rest.slice(from, end)
        from = end + 1
      }
      rest = rest.slice(from)
      if (rest.length > LINE_CHARS_MAX) throw new FileError(`${path} has a line that is too long for an export`)
      if (size === 0) break
    }
    if (rest) yield rest
  } finally {
    closeSync(file)
  }
}

function decoded(decoder: TextDecoder, bytes: Uint8Array, stream: boolean, path: string): string {
  try {
    return decoder.decode(bytes, { stream })
  } catch {
    throw new FileError(`${path} is not UTF-8 text; it was changed or is no export`)
  }
}
