/** A copy cannot be made, tried or restored; the message says why and what to do. */
export class BackupError extends Error {
  override name = "BackupError"
}
