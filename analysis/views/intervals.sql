-- Wilson 95% interval of k of n; NULL where n is 0 [metrics 11, O-10].
CREATE OR REPLACE TEMP MACRO wilson_low(k, n) AS
  CASE WHEN n > 0 THEN greatest(0.0, (k / n + 1.9207294103470618 / n
    - 1.959963984540054 * sqrt((k / n) * (1 - k / n) / n + 0.9603647051735309 / (n * n::DOUBLE))) / (1 + 3.8414588206941236 / n)) END;
CREATE OR REPLACE TEMP MACRO wilson_high(k, n) AS
  CASE WHEN n > 0 THEN least(1.0, (k / n + 1.9207294103470618 / n
    + 1.959963984540054 * sqrt((k / n) * (1 - k / n) / n + 0.9603647051735309 / (n * n::DOUBLE))) / (1 + 3.8414588206941236 / n)) END;
