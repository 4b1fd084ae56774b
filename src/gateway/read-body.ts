// Bodies of foreign servers: read chunk by chunk, and counted as they come out of the decompression. A few kilobytes of gzip can
// hold gigabytes; `text()` would inflate them all.
export class BodyTooLarge extends Error {
  override name = "BodyTooLarge"
}

/** @param onChunk something arrived. @throws BodyTooLarge without reading further, and what the network throws */
export async function readText(response: Response, bytesMax: number, onChunk?: () => void): Promise<string> {
  if (!response.body) return ""
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
    onChunk?.()
    size += chunk.length
    if (size > bytesMax) throw new BodyTooLarge(`more than ${bytesMax} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString("utf8")
}
