/** The replica forbids this start, or cannot be used; the message says why and what to do. */
export class ReplicaError extends Error {
  override name = "ReplicaError"
}

/** Another server has the right to write, for good: this data is out of date (exit code 5). */
export class ReplacedError extends ReplicaError {
  override name = "ReplacedError"
}

/** The replica did not answer as it should: away, refused, not there. It may be well again later. */
export class RemoteError extends Error {
  override name = "RemoteError"
}

export const wordsOf = (error: unknown): string => {
  const { name, message } = error as Error
  return name === "TimeoutError" ? "Litestream did not answer in time" : message
}
