-- What people said of one rule last. Who said it is in the file of labels.
SELECT label, cause, labelled_at, reason, until_at
FROM labels
WHERE rule_id = $rule
ORDER BY labelled_at DESC, position DESC
LIMIT 1
