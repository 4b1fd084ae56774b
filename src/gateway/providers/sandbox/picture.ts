// The sandbox's pictures: waves of a colour of the prompt's own, as a real PNG. Deterministic, and small on the line.
import { crc32, deflateSync } from "node:zlib"
import type { EncodedForm } from "../provider.ts"
import { before, toldIn } from "./magic.ts"

export interface PictureBody {
  model: string
  prompt: string
  n?: number
  size?: string
  partial_images?: number
  stream?: boolean
}

const SIDE = 1_024
/** Above this a test's picture only costs time. */
const SIDE_MAX = 2_048
const COLORS = 32

/** Pictures that are changed: another one of its words, and of how large they are. */
export function changed({ fields, files }: EncodedForm, signal: AbortSignal): Promise<Response> {
  const said = Object.fromEntries(fields)
  const number = (name: string) => (said[name] === undefined ? {} : { [name]: Number(said[name]) })
  const body = {
    model: said.model ?? "",
    prompt: said.prompt ?? "",
    ...(said.size === undefined ? {} : { size: said.size }),
    ...number("n"),
    ...number("partial_images"),
    stream: said.stream === "true",
  }
  return pictured(body, signal, { events: "image_edit", seed: files.map(({ size }) => size).join(" ") })
}

const GENERATED = { events: "image_generation", seed: "" }

export async function pictured(body: PictureBody, signal: AbortSignal, as = GENERATED): Promise<Response> {
  const told = toldIn(body.prompt)
  const instead = await before(told, signal)
  if (instead) return instead
  if (told.act === "refuse") {
    const error = {
      message: "The sandbox was told to refuse.",
      type: "invalid_request_error",
      param: null,
      code: "moderation_blocked",
    }
    return Response.json({ error }, { status: 400 })
  }
  const [width, height] = sidesOf(body.size)
  const pictures = Array.from({ length: body.n ?? 1 }, (_, index) =>
    png(`${index}${as.seed}${body.prompt}`, width, height),
  )
  const created = Math.floor(Date.now() / 1_000)
  const size = `${width}x${height}`
  if (!body.stream) {
    return Response.json({ created, size, output_format: "png", data: pictures.map((b64_json) => ({ b64_json })) })
  }
  const event = (type: string, more: object) =>
    `event: ${type}\ndata: ${JSON.stringify({ type, created_at: created, size, ...more })}\n\n`
  const parts = Array.from({ length: body.partial_images ?? 0 }, (_, index) =>
    event(`${as.events}.partial_image`, {
      partial_image_index: index,
      b64_json: png(`0${as.seed}${body.prompt}`, width >> (3 - index), height >> (3 - index)),
    }),
  )
  const done = pictures.map((b64_json) => event(`${as.events}.completed`, { output_format: "png", b64_json }))
  // Told to break, it ends before the first picture is done.
  const sent = told.act === "break" ? parts : [...parts, ...done]
  return new Response(sent.join(""), { headers: { "content-type": "text/event-stream" } })
}

export function sidesOf(size: string | undefined): [number, number] {
  const [, width, height] = /^(\d{1,5})x(\d{1,5})$/.exec(size ?? "") ?? []
  const within = (side: string | undefined) => Math.min(Math.max(Number(side ?? SIDE), 8), SIDE_MAX)
  return [within(width), within(height)]
}

/** Indexed colours, so that a million pixels are a few kilobytes. */
export function png(seed: string, width: number, height: number): string {
  const hash = Bun.hash.xxHash32(seed)
  const palette = Buffer.alloc(COLORS * 3)
  for (let at = 0; at < COLORS; at++) {
    for (const [part, shift] of [0, 8, 16].entries()) {
      const base = (hash >>> shift) & 0xff
      palette[at * 3 + part] = Math.round((base * at + 255 * (COLORS - 1 - at)) / (COLORS - 1))
    }
  }
  const wave = 16 + ((hash >>> 24) % 48)
  const rows = Buffer.alloc(height * (width + 1))
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      rows[y * (width + 1) + 1 + x] = Math.abs(
        ((Math.floor((x + y) / wave) + Math.floor(y / wave)) % (2 * COLORS - 2)) - (COLORS - 1),
      )
    }
  }
  const head = Buffer.alloc(13)
  head.writeUInt32BE(width, 0)
  head.writeUInt32BE(height, 4)
  head.set([8, 3, 0, 0, 0], 8)
  const parts = [
    chunk("IHDR", head),
    chunk("PLTE", palette),
    chunk("IDAT", deflateSync(rows)),
    chunk("IEND", Buffer.alloc(0)),
  ]
  return Buffer.concat([Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]), ...parts]).toString("base64")
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data])
  const length = Buffer.alloc(4)
  length.writeUInt32BE(data.length)
  const check = Buffer.alloc(4)
  check.writeUInt32BE(crc32(body))
  return Buffer.concat([length, body, check])
}
