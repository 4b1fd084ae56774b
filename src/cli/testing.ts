// Runs a command in the process of a test, and keeps what it says.
import { runCli } from "./index.ts"

export interface Said {
  code: number
  out: string
  err: string
}

/** One at a time: what is said goes through the one console. */
export async function cli(...argv: string[]): Promise<Said> {
  const said = { out: "", err: "" }
  const { log, error } = console
  console.log = (text: unknown) => {
    said.out += `${text}\n`
  }
  console.error = (text: unknown) => {
    said.err += `${text}\n`
  }
  try {
    return { code: await runCli(argv), ...said }
  } finally {
    console.log = log
    console.error = error
  }
}
