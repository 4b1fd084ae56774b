-- Who paid a provider stands in the prices of a route (pricing): so sums of apps' calls say which route they went by; refused ones have none, -1.
DROP VIEW v_app_calls;
CREATE VIEW v_app_calls AS
  SELECT d.client_id, d.day, d.caller_id AS user_id, d.scope, COALESCE(r.endpoint, '') AS endpoint, COALESCE(r.requested, '') AS model,
         d.route_id, d.calls, d.errors, 0 AS refused, d.input_tokens, d.output_tokens, d.latency_ms, d.charge_nano, d.earned_nano
    FROM v_charge_days d LEFT JOIN usage_routes r ON r.id = d.route_id
  UNION ALL
  SELECT c.client_id, c.day, c.caller_id, c.scope, COALESCE(r.endpoint, ''), COALESCE(r.requested, ''),
         COALESCE(c.route_id, 0), 1, c.errors, 0, c.input_tokens, c.output_tokens, c.latency_ms, c.charge_nano, c.earned_nano
    FROM v_charges c LEFT JOIN usage_routes r ON r.id = c.route_id WHERE c.id > (SELECT through FROM v_charge_fold)
  UNION ALL
  SELECT client_id, day, user_id, scope, endpoint, model, -1, 0, 0, calls, 0, 0, 0, 0, 0 FROM refused_days;
DROP VIEW v_app_sums;
CREATE VIEW v_app_sums AS
  SELECT d.client_id, d.day, d.scope, COALESCE(r.endpoint, '') AS endpoint, COALESCE(r.requested, '') AS model, d.route_id, d.calls,
         d.errors, 0 AS refused, d.input_tokens, d.output_tokens, d.latency_ms, d.charge_nano, d.earned_nano
    FROM analytics_app_days d LEFT JOIN usage_routes r ON r.id = d.route_id
  UNION ALL
  SELECT c.client_id, c.day, c.scope, COALESCE(r.endpoint, ''), COALESCE(r.requested, ''), COALESCE(c.route_id, 0), 1, c.errors, 0,
         c.input_tokens, c.output_tokens, c.latency_ms, c.charge_nano, c.earned_nano
    FROM v_charges c LEFT JOIN usage_routes r ON r.id = c.route_id WHERE c.id > (SELECT through FROM analytics_fold)
  UNION ALL
  SELECT client_id, day, scope, endpoint, model, -1, 0, 0, calls, 0, 0, 0, 0, 0 FROM refused_days;
