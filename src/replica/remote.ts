// What we keep in the replica ourselves: small objects, read, written under a condition, looked for, removed. A folder or an S3 bucket.
import type { Config, ReplicaTarget } from "../app/index.ts"
import { BucketRemote } from "./remote-bucket.ts"
import { folderRemote } from "./remote-folder.ts"

export interface Got {
  text: string
  tag: string
  atMs: number | null
}

export interface Found {
  name: string
  bytes: number
  /** When it was written, by the store's clock. */
  atMs: number
}

export interface Remote {
  /** @returns null when the place is there and the object is not. `atMs`: when it was written, by the store's clock. @throws RemoteError */
  get(name: string): Promise<Got | null>
  /**
   * @param was the tag of what it replaces, or null for nothing. Where a store knows no conditions it is written all the same: whoever
   * writes reads it back later.
   * @returns false when something else stands there. @throws RemoteError
   */
  put(name: string, text: string, was: string | null): Promise<boolean>
  /** Is there anything at all? @throws RemoteError */
  isEmpty(): Promise<boolean>
  /** Every object whose name begins so. @throws RemoteError */
  list(prefix: string): AsyncGenerator<Found>
  /** Names of folders right below. @throws RemoteError */
  folders(): Promise<string[]>
  /** A folder with all in it. @throws RemoteError; some of it may be gone then */
  remove(folder: string): Promise<void>
}

export const createRemote = (
  config: Pick<Config, "replicaAccessKeyId" | "replicaSecretAccessKey">,
  target: ReplicaTarget,
): Remote => (target.kind === "file" ? folderRemote(target.folder) : new BucketRemote(config, target))
