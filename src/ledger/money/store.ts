// SQL of the platform's own money. Decides nothing.
import { DAY_MS, type Nano } from "../../app/index.ts"
import type { Reader } from "../../store/index.ts"
import { platformAccount } from "../books/store.ts"
import type { Mode, TransactionType } from "../books/types.ts"
import type { MoneyAccount, MoneyDay, MoneyMove, MoneySpan } from "./types.ts"

/** As `entries_of_money` has it: charges and what they are made of stand outside of it. */
const OF_MONEY = "account_id IN (6, 7, 8, 9, 10, 26, 27, 28, 29, 30)"
const ACCOUNTS: readonly MoneyAccount[] = ["cash", "payouts", "processor_fees", "tax_payable", "disputes"]

export const feeByKey = (
  reader: Reader,
  key: string,
): { transactionId: string; mode: Mode; amountNano: number } | null =>
  reader.get(
    `SELECT t.public_id AS transactionId, t.mode, e.amount_nano AS amountNano
     FROM transactions t JOIN entries e ON e.transaction_id = t.id AND e.account_id IN (?, ?)
     WHERE t.key = ? AND t.type = 'fee'`,
    platformAccount("live", "cash"),
    platformAccount("test", "cash"),
    key,
  )

/** What was paid beyond credits: a transaction of money that is nobody's wallet's. */
export const incomeByKey = (
  reader: Reader,
  key: string,
): { transactionId: string; mode: Mode; type: TransactionType; inNano: number; taxNano: number } | null =>
  reader.get(
    `SELECT t.public_id AS transactionId, t.mode, t.type,
       -COALESCE(SUM(CASE WHEN e.account_id IN (?1, ?2) THEN e.amount_nano END), 0) AS inNano,
       COALESCE(SUM(CASE WHEN e.account_id IN (?3, ?4) THEN e.amount_nano END), 0) AS taxNano
     FROM transactions t JOIN entries e ON e.transaction_id = t.id
     WHERE t.key = ?5 GROUP BY t.id HAVING MAX(e.account_id) <= 100`,
    platformAccount("live", "cash"),
    platformAccount("test", "cash"),
    platformAccount("live", "tax_payable"),
    platformAccount("test", "tax_payable"),
    key,
  )

export const moneyDays = (reader: Reader, { mode, fromMs, toMs }: MoneySpan): MoneyDay[] =>
  ACCOUNTS.flatMap((account) =>
    reader
      .all<Omit<MoneyDay, "account">>(
        `SELECT t.at_ms / ${DAY_MS} AS day, t.type, SUM(e.amount_nano) AS amountNano
         FROM entries e INDEXED BY entries_of_money JOIN transactions t ON t.id = e.transaction_id
         WHERE ${OF_MONEY} AND e.account_id = ? AND t.at_ms >= ? AND t.at_ms < ?
         GROUP BY 1, 2 ORDER BY 1, 2`,
        platformAccount(mode, account),
        fromMs,
        toMs,
      )
      .map((row) => ({ ...row, account })),
  )

/** Sums of one transaction: what came in, and what of it is the state's. */
const MOVE = `SELECT t.public_id AS transactionId, t.type, t.at_ms AS atMs, t.key,
  -SUM(CASE WHEN e.account_id IN (?1, ?2) THEN e.amount_nano ELSE 0 END) AS inNano,
  SUM(CASE WHEN e.account_id = ?3 THEN e.amount_nano ELSE 0 END) AS taxNano`
const movedIn = (mode: Mode) =>
  [platformAccount(mode, "cash"), platformAccount(mode, "disputes"), platformAccount(mode, "tax_payable")] as const

/** In the order of the books. */
export const moneyMoves = (reader: Reader, { mode, fromMs, toMs }: MoneySpan): MoneyMove[] =>
  reader.all<MoneyMove>(
    `${MOVE} FROM entries e INDEXED BY entries_of_money JOIN transactions t ON t.id = e.transaction_id
     WHERE ${OF_MONEY} AND e.account_id IN (?1, ?2, ?3) AND t.type <> 'fee' AND t.at_ms >= ?4 AND t.at_ms < ?5
     GROUP BY t.id ORDER BY t.id`,
    ...movedIn(mode),
    fromMs,
    toMs,
  )

/** All that moved money under a key: the key itself, or one that goes on with a colon. */
export const moneyOfKey = (reader: Reader, mode: Mode, key: string): MoneyMove[] =>
  reader.all<MoneyMove>(
    `${MOVE}, (SELECT a.owner_id FROM entries w JOIN accounts a ON a.id = w.account_id
       WHERE w.transaction_id = t.id AND a.owner_kind = 'principal' LIMIT 1) AS ownerId
     FROM transactions t JOIN entries e ON e.transaction_id = t.id AND e.account_id IN (?1, ?2, ?3)
     WHERE (t.key = ?4 OR (t.key > ?4 || ':' AND t.key < ?4 || ';')) AND t.type <> 'fee'
     GROUP BY t.id ORDER BY t.id`,
    ...movedIn(mode),
    key,
  )

/** What stands in an account, as booked. */
export const moneyIn = (reader: Reader, mode: Mode, account: MoneyAccount): Nano =>
  reader.get<{ n: Nano }>("SELECT balance_nano AS n FROM accounts WHERE id = ?", platformAccount(mode, account))!.n
