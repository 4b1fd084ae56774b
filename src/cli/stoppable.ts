// Long work of a verb that somebody may stop: Ctrl-C and SIGTERM let it clear up first; a second one ends it at once.
export async function stoppable<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const stopping = new AbortController()
  const stop = () => {
    if (stopping.signal.aborted) process.exit(1)
    stopping.abort(new Error("stopped; nothing was changed"))
  }
  process.on("SIGINT", stop)
  process.on("SIGTERM", stop)
  try {
    return await work(stopping.signal)
  } finally {
    process.off("SIGINT", stop)
    process.off("SIGTERM", stop)
  }
}
