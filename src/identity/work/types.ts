// What a browser is asked to calculate, and what it says.

/** Find the whole number below `numbersMax` for which SHA-256 of `salt` followed by the number in decimal is `target` (hex). */
export interface SignUpWork {
  /** Goes back with the answer; sealed for this form in this browser. */
  ticket: string
  salt: string
  target: string
  numbersMax: number
}

/** The answer is "" where nothing was calculated, as without scripts. */
export interface SignUpProof {
  ticket: string
  answer: string
}
