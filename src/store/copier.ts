// The Worker that copies the log, seen from the main thread.
import { LIMITS, within } from "../app/index.ts"
import { unreferenced } from "./read-worker.ts"

export interface Copier {
  /** Copies the log into the database; one copy at a time. @throws Error when it fails, or its Worker died */
  copyLog(): Promise<void>
  /** Lets a copy that runs end, within reason; what is left of it is copied at the next start. */
  stop(): Promise<void>
}

/** Starts at the first copy; a Worker that dies is replaced at the next. */
export function createCopier(script: URL | string, path: string): Copier {
  let worker: Worker | null = null
  let running: Promise<void> | null = null
  let stopped = false

  const copy = (): Promise<void> => {
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    worker ??= unreferenced(new Worker(script, { smol: true }))
    worker.onmessage = ({ data }: MessageEvent<string | null>) => {
      if (data === null) resolve()
      else reject(new Error(data))
    }
    worker.onerror = ({ message }) => {
      end()
      reject(new Error(`the copying Worker died: ${message}`))
    }
    worker.postMessage(path)
    return promise
  }
  const end = () => {
    worker?.terminate()
    worker = null
  }
  return {
    copyLog() {
      if (stopped) return Promise.resolve()
      running ??= copy().finally(() => {
        running = null
      })
      return running
    },
    async stop() {
      stopped = true
      if (running) await within(running, LIMITS.readWorkerStopMs).catch(() => {})
      end()
    },
  }
}
