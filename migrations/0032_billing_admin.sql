-- Entries of money: cash (6), payouts (7), the processor's fees (8), tax (9), disputes (10), and the same of test mode. No call has one.
CREATE INDEX entries_of_money ON entries (account_id, transaction_id)
  WHERE account_id IN (6, 7, 8, 9, 10, 26, 27, 28, 29, 30);
