// What every act of an admin on a wallet is made of: whom it is about, its form, how what was typed is read, and the ledger's verb.

import type { WalletMode } from "../../../views/admin/wallet.tsx"
import type { ActField } from "../../../views/admin/wallet-act.tsx"
import { creditsExact } from "../../../views/ui/format.ts"
import { nano } from "../../app/index.ts"
import type { User } from "../../identity/index.ts"
import type { Ledger, LotDetail, Owner, TransactionView, Wallet } from "../../ledger/index.ts"
import type { Tx } from "../../store/index.ts"

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

/** The question of an act that asks once more. */
export interface Question {
  /** What will happen, a sentence each. */
  words: string[]
  /** The verb with its object. */
  label: string
  /** The person loses credits: the button is red. */
  danger: boolean
}

export interface Planned {
  /** With what will be posted; the acts without one say it on their first page. */
  question?: Question
  /** Said afterwards. */
  done: string
  /** @returns for the audit log; `already`: this form had done it before */
  act(tx: Tx, key: string): { already: boolean; record: Record<string, unknown> }
}

export type Read = { plan: Planned } | { errors: Record<string, string> }

export interface Kind {
  name: "bonus" | "adjustment" | "balance" | "void" | "refund" | "reversal"
  title(subject: Subject): string
  words(subject: Subject): string[]
  fields(subject: Subject): ActField[]
  defaults(subject: Subject): Record<string, string>
  /** Of the button of the form. */
  label(subject: Subject): string
  /** That button does it at once, and the person loses credits. */
  danger(subject: Subject): boolean
  /** `isSure`: it was confirmed; from then on only the ledger refuses, so that a second press meets the first one's key. */
  read(ledger: Ledger, subject: Subject, typed: Record<string, string>, isSure: boolean): Read
}

export const SOME_CREDITS = "Give a number of credits above 0, such as 250 or 12.5."
export const wrong = (field: string, text: string): Read => ({ errors: { [field]: text } })
export const amountField: ActField = { name: "amount", label: "Amount", suffix: "credits" }
/** What an admin gives or takes is never rounded. */
export const wordsOf = (amount: number): string => creditsExact(nano(Math.abs(amount)))
