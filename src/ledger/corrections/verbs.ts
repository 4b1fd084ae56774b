// The verbs that correct the books. Each refusal (`not_found`, `conflict`, `validation_failed`) writes nothing. A key again gives
// the first result with `already: true`; with other content it throws `conflict`. Due credits expire first, in the same write.
import type { Tx } from "../../store/index.ts"
import type { LedgerDeps } from "../books/types.ts"
import { adjustIn, setBalanceIn } from "./adjust.ts"
import { clawableIn } from "./clawable.ts"
import { clawBackIn } from "./clawback.ts"
import { freezeLotIn, thawLotIn } from "./freeze.ts"
import { refundChargeIn } from "./refund.ts"
import { restoreClawIn, settleDisputeIn } from "./restore.ts"
import { reverseIn } from "./reverse.ts"
import type {
  Adjusted,
  AdjustInput,
  ClawableLot,
  ClawBackInput,
  ClawedBack,
  FreezeLotInput,
  FrozenLot,
  RefundChargeInput,
  RefundedCharge,
  RestoreClawInput,
  RestoredClaw,
  Reversed,
  ReverseInput,
  SetBalanceInput,
  SettleDisputeInput,
  SettledDispute,
  ThawedLot,
  ThawLotInput,
  Voided,
  VoidLotInput,
} from "./types.ts"
import { voidLotIn } from "./void.ts"

export const correctionVerbs = ({ ids }: LedgerDeps) => ({
  /** @throws AppError not_found; `conflict` when it is no usage or less is left to refund */
  refundChargeIn: (tx: Tx, input: RefundChargeInput): RefundedCharge => refundChargeIn(tx, ids, input),
  /** The exact opposite of a transaction, once. @throws AppError not_found; `conflict` when that cannot be taken back */
  reverseIn: (tx: Tx, input: ReverseInput): Reversed => reverseIn(tx, ids, input),
  /** Lots of one business, its key and what goes on from it with a colon: what claw-backs would find. */
  clawableIn: (tx: Tx, key: string): ClawableLot[] => clawableIn(tx, ids, key),
  /** @throws AppError not_found; `conflict` for a promo lot (but through `promo`) or more than it granted */
  clawBackIn: (tx: Tx, input: ClawBackInput): ClawedBack => clawBackIn(tx, ids, input),
  /** Undoes a claw-back, once. @throws AppError not_found; `conflict` when it was undone; `validation_failed` past 2^53 n$ */
  restoreClawIn: (tx: Tx, input: RestoreClawInput): RestoredClaw => restoreClawIn(tx, ids, input),
  /** The dispute of a claw-back is lost. @throws AppError not_found; `conflict` when nothing of it stands in `disputes` */
  settleDisputeIn: (tx: Tx, input: SettleDisputeInput): SettledDispute => settleDisputeIn(tx, ids, input),
  /** @throws AppError not_found; `conflict` for a rolled-over lot */
  freezeLotIn: (tx: Tx, input: FreezeLotInput): FrozenLot => freezeLotIn(tx, ids, input),
  /** Ends one freeze, and repays debt where that was the last. @throws AppError not_found; `conflict` when it ended already */
  thawLotIn: (tx: Tx, input: ThawLotInput): ThawedLot => thawLotIn(tx, ids, input),
  /** @throws AppError `conflict` when less is unheld; `validation_failed` past 2^53 n$ */
  adjustIn: (tx: Tx, input: AdjustInput): Adjusted => adjustIn(tx, ids, input),
  /** @throws AppError `conflict` below open holds */
  setBalanceIn: (tx: Tx, input: SetBalanceInput): Adjusted => setBalanceIn(tx, ids, input),
  /** Takes the unheld rest of a lot. @throws AppError not_found; `conflict` when nothing is unheld */
  voidLotIn: (tx: Tx, input: VoidLotInput): Voided => voidLotIn(tx, ids, input),
})
