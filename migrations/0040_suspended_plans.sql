-- What is charged by itself rests while its person is suspended. When we had the processor stop collecting; NULL: it collects.
ALTER TABLE billing_subscriptions ADD COLUMN paused_ms INTEGER;
