// How a server is weakened for an attack: lines of ours that are taken out of a copy of the tree.

export interface Mutant {
  /** The attack that must work on it. */
  lets: string
  /** Every line that stands in the way: some attacks are refused twice. */
  edits: readonly { file: string; from: string; to: string }[]
}

export const one = (lets: string, file: string, from: string, to: string): Mutant => ({
  lets,
  edits: [{ file, from, to }],
})
