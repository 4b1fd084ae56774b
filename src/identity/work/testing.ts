// The calculation as a browser's worker does it, for tests.
import { join } from "node:path"
import type { SignUpProof, SignUpWork } from "./types.ts"

const SOLVER = join(import.meta.dir, "../../../public/js/work-solver.js")

export async function solve({ ticket, salt, target, numbersMax }: SignUpWork): Promise<SignUpProof> {
  const worker = new Worker(SOLVER)
  const answer = await new Promise<string | null>((resolve, reject) => {
    worker.onmessage = ({ data }) => resolve(data)
    worker.onerror = reject
    worker.postMessage({ salt, target, most: numbersMax })
  })
  worker.terminate()
  return { ticket, answer: answer ?? "" }
}
