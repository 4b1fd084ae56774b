// What every act of an admin on a wallet is made of: whom it is about, its form, what speaks against it, and the ledger's verb.
import type { WalletMode } from "../../../views/admin/wallet.tsx"
import { creditsExact } from "../../../views/ui/format.ts"
import { nano } from "../../app/index.ts"
import { type Fields, type FormDef, field, form, type ValuesOf } from "../../http/index.ts"
import type { User } from "../../identity/index.ts"
import type { Ledger, LotDetail, Owner, TransactionView, Wallet } from "../../ledger/index.ts"
import type { Tx } from "../../store/index.ts"
import type { Question } from "../base/index.ts"

/** Whom and what an act is about; `lot` and `view` where its address names one, as all stands `now`. */
export interface Subject {
  user: User
  /** "Ada Reader". */
  name: string
  owner: Owner
  mode: WalletMode
  now: number
  wallet: Wallet
  lot?: LotDetail
  view?: TransactionView
  /** What `view` was for: app, kind of use and model of a charge, else its reason. */
  about?: string[]
  /** The lots that `view` took from. */
  payers?: LotDetail[]
}

/** What was posted. */
export interface Posted {
  /** This form had done it before. */
  already: boolean
  /** For the audit log. */
  record: Record<string, unknown>
}

const COMMON = {
  reason: field.reason({ help: "Kept in the books and in the audit log." }),
  mode: field.choice({
    label: "Live or test credits",
    control: "hidden",
    options: [
      { value: "live", label: "Live" },
      { value: "test", label: "Test" },
    ],
  }),
  key: field.formKey(),
}

export type ActFields<F extends Fields> = F & typeof COMMON

export interface Kind<F extends Fields = Fields> {
  name: "bonus" | "adjustment" | "balance" | "void" | "refund" | "reversal"
  /** For the API's document. */
  summary: string
  form: FormDef<ActFields<F>>
  title(subject: Subject): string
  words(subject: Subject): string[]
  defaults(subject: Subject): Partial<ValuesOf<F>>
  /** Of the button of the form. */
  label(subject: Subject): string
  /** That button does it at once, and the person loses credits. */
  danger(subject: Subject): boolean
  /** What speaks against it as things stand; once it is confirmed only the ledger refuses. */
  objection?(values: ValuesOf<F>, subject: Subject): { [Key in keyof F]?: string } | null
  /** With what will be posted; the acts without one say it on their first page. */
  question?(values: ValuesOf<F>, subject: Subject): Question
  /** Said afterwards. @param subject as it was before */
  done(values: ValuesOf<F>, subject: Subject, record: Posted["record"]): string
  act(tx: Tx, ledger: Ledger, values: ValuesOf<F>, subject: Subject, key: string): Posted
}

/** A kind with its form: its own fields, then the reason. */
export const kindOf = <F extends Fields>({ fields, ...kind }: Omit<Kind<F>, "form"> & { fields: F }): Kind<F> => ({
  ...kind,
  form: form({ ...fields, ...COMMON }, { submit: "Continue" }),
})

const AMOUNT = {
  label: "Amount",
  required: true,
  positive: true,
  wrong: "Give a number of credits above 0, such as 250 or 12.5.",
} as const
export const amountField = field.credits(AMOUNT)
/** None is all that is left: a repeat asks for the same, when nothing is left by then. */
export const amountLeftField = field.credits({
  ...AMOUNT,
  required: false,
  optional: true,
  wrong: "Give a number of credits above 0, or leave it empty.",
  help: "Leave it empty for all that is left.",
})

/** What an admin gives or takes is never rounded. */
export const wordsOf = (amount: number): string => creditsExact(nano(Math.abs(amount)))
