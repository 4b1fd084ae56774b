// The process that decodes pictures, from both ends. Decoders of images are native code and read what strangers made: one that crashes,
// hangs or swells is ended alone, and no call of the gateway with it. It is given no environment, so no keys, and a low priority.
import { setPriority } from "node:os"
import { AppError, ownCommand } from "../app/index.ts"
import { pictureOf } from "./picture.ts"
import { MEDIA_LIMITS } from "./rules.ts"
import type { Crop, ImageFile, ImageType, Purpose } from "./types.ts"

/** The verb of the executable that is this process. */
export const DECODE_VERB = "decode-picture"

export interface Asked {
  purpose: Purpose
  crop: Crop | null
}

/** @returns null when the bytes cannot be decoded. @throws AppError overloaded when it took too long */
export type Decode = (bytes: Uint8Array, asked: Asked) => Promise<ImageFile[] | null>

interface Told {
  files: { width: number; height: number; type: ImageType; length: number }[]
}

/** Starts the process, waits within the limit of time. */
export const decodeApart: Decode = async (bytes, asked) => {
  const child = Bun.spawn([...ownCommand(), DECODE_VERB, JSON.stringify(asked)], {
    // Bytes of a view on a larger buffer go as they are.
    stdin: bytes,
    stdout: "pipe",
    stderr: "ignore",
    env: {},
    timeout: MEDIA_LIMITS.decodeMs,
    killSignal: "SIGKILL",
  })
  const out = new Uint8Array(await new Response(child.stdout).arrayBuffer())
  const code = await child.exited
  if (child.signalCode === "SIGKILL") throw tooLong()
  return code === 0 ? filesOf(out) : null
}

const tooLong = (): AppError =>
  new AppError("overloaded", "This picture took too long to read. Try a smaller one.", {
    formErrors: { picture: "This picture took too long to read. Try a smaller one." },
  })

/** A line of JSON, then the files one after the other. */
function filesOf(out: Uint8Array): ImageFile[] | null {
  const end = out.indexOf(0x0a)
  if (end < 0) return null
  const { files } = JSON.parse(new TextDecoder().decode(out.subarray(0, end))) as Told
  let at = end + 1
  return files.map(({ length, ...file }) => {
    const bytes = out.slice(at, at + length)
    at += length
    return { ...file, bytes }
  })
}

/** The process itself: standard input to standard output. @returns the exit code */
export async function decodeHere(asked: string): Promise<number> {
  setPriority(10)
  const bytes = new Uint8Array(await Bun.stdin.arrayBuffer())
  const { purpose, crop } = JSON.parse(asked) as Asked
  try {
    const files = await pictureOf(bytes, purpose, crop)
    const told: Told = { files: files.map(({ bytes, ...file }) => ({ ...file, length: bytes.length })) }
    await Bun.write(
      Bun.stdout,
      Buffer.concat([Buffer.from(`${JSON.stringify(told)}\n`), ...files.map((one) => one.bytes)]),
    )
    return 0
  } catch {
    return 1
  }
}
