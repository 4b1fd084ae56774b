/** The replica forbids this start, or cannot be used; the message says why and what to do. */
export class ReplicaError extends Error {
  override name = "ReplicaError"
}

/** The replica did not answer as it should: away, refused, not there. It may be well again later. */
export class RemoteError extends Error {
  override name = "RemoteError"
}
