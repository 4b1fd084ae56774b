// What the vault promises: the master key can be exchanged while the server runs, and somebody is told until a copy of it exists.
import type { WriteContext } from "../store/index.ts"

export interface SealedCount {
  what: string
  /** Sealed with the key that seals now. */
  current: number
  /** With an older one, in use or not: `reseal` seals these anew. */
  old: number
  /** With one that nobody here has. */
  lost: number
}

export interface VaultState {
  /** The key that seals. */
  kid: string
  /** Others that open. */
  old: readonly string[]
  retired: readonly string[]
  /** null = from the environment. */
  file: string | null
  /** When a copy of this key was made; null = never. */
  exportedMs: number | null
  sealed: readonly SealedCount[]
}

export interface Vault {
  state(): VaultState
  /** When a copy of the key that seals now was made; null = never. Indexed. */
  exportedMs(): number | null
  /**
   * A new key seals from now on; the old one still opens.
   * @throws AppError conflict when the key comes from the environment
   */
  rotate(ctx: WriteContext): Promise<{ kid: string; old: string }>
  /**
   * Seals everything anew with the current key, then takes the old ones out of use.
   * @returns how many rows of each kind
   */
  reseal(
    ctx: WriteContext,
  ): Promise<{ sealed: readonly { what: string; rows: number }[]; lost: number; retired: string[] }>
  /** Somebody has a copy of the key that seals now. */
  noteExport(ctx: WriteContext): Promise<void>
}
