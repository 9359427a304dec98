package pagerdutytest

import "time"

// rule is one thing that a monitor watches, and how it behaves.
type rule struct {
	toolName string
	name     string // as the monitor calls it
	id       string // the monitor's own id, where its tool has one
	metric   string
	says     string // what the monitor says of it
	severity string
	host     string // stem of the names of what it watches
	hosts    int

	urgency    string  // "" is high
	perWeek    float64 // incidents a week in the scenario "all"
	shape      shape
	actionable float64 // share that somebody had to act on at once
	notUrgent  float64 // share that could have waited; the rest is noise
	clears     float64 // share of what is not actionable that the monitor clears by itself
	clearAfter time.Duration
	spread     float64 // sigma of the clearing time
	planted    string  // name of the Answer it belongs to; such rules are planned in planted.go

	tool        *tool
	service     *service
	integration *Integration
}

// shape says at which hours a rule fires.
type shape int

const (
	byLoad  shape = iota // follows the users: weekdays, daytime
	flat                 // any time
	byNight              // backups and batch jobs
	office               // what people's own work sets off
)

// serviceSpec is a service with its rules.
type serviceSpec struct {
	rotation    string // payments, platform, checkout
	name        string
	about       string
	ackTimeout  time.Duration
	autoResolve time.Duration
	rules       []rule
}

// catalogue is the account's services. Volumes are those of the scenario
// "all"; scenarios multiply them.
var catalogue = []serviceSpec{
	{rotation: "payments", name: "payments-api", about: "Takes and refunds card payments", rules: []rule{
		{toolName: "datadog", name: "p99 latency is high on payments-api", id: "8814021", metric: "trace.http.request.duration.p99", says: "p99 latency above 2 s for 5 minutes",
			severity: "critical", host: "payments-api", hosts: 4, planted: "leader", actionable: 0.5, clears: 1, clearAfter: 14 * time.Minute, spread: 0.5},
		{toolName: "datadog", name: "5xx rate is high on payments-api", id: "8814077", metric: "trace.http.request.errors", says: "More than 2% of requests fail",
			severity: "critical", host: "payments-api", hosts: 4, perWeek: 1.6, shape: byLoad, actionable: 0.7, clears: 0.8, clearAfter: 9 * time.Minute, spread: 0.8},
		{toolName: "sentry", name: "High volume of new issues", id: "5120", says: "CardDeclinedError: issuer did not answer", severity: "error", host: "payments/authorize.py", hosts: 3,
			perWeek: 1.8, shape: byLoad, actionable: 0.15, notUrgent: 0.4, clears: 0.2, clearAfter: time.Hour, spread: 1},
		{toolName: "datadog", name: "Payments API certificate expires soon", id: "8819903", metric: "tls.days_left", says: "The certificate has fewer than 21 days left", severity: "warning",
			host: "payments-edge", hosts: 25, urgency: "low", perWeek: 5, shape: office, notUrgent: 1},
	}},
	{rotation: "payments", name: "payments-db", about: "PostgreSQL clusters of payments", rules: []rule{
		{toolName: "prometheus", name: "HostDiskSpaceLow", id: "disk", says: "Less than 10% of /var/lib/postgresql is free", severity: "critical", host: "payments-db", hosts: 1, planted: "flapper"},
		{toolName: "prometheus", name: "PostgresReplicationLag", id: "lag", says: "A replica is more than 60 s behind", severity: "critical", host: "payments-db", hosts: 3,
			perWeek: 1.7, shape: byNight, actionable: 0.3, clears: 0.9, clearAfter: 11 * time.Minute, spread: 0.8},
		{toolName: "prometheus", name: "PostgresConnectionsHigh", id: "conn", says: "More than 85% of connections are in use", severity: "critical", host: "payments-db", hosts: 3,
			perWeek: 1.2, shape: byLoad, actionable: 0.6, clears: 0.5, clearAfter: 20 * time.Minute, spread: 0.9},
		{toolName: "prometheus", name: "PostgresBackupVerificationFailed", id: "backup", says: "Last night's backup could not be verified", severity: "warning", host: "payments-db", hosts: 30,
			urgency: "low", perWeek: 7, shape: byNight, notUrgent: 0.9},
	}},
	{rotation: "payments", name: "settlement-jobs", about: "Nightly settlement with the card schemes", autoResolve: 12 * time.Hour, rules: []rule{
		{toolName: "nagios", name: "Nightly settlement export", id: "export", says: "CRITICAL: export is older than 24 h", severity: "critical", host: "batch-01", hosts: 1, planted: "job_0200"},
		{toolName: "email", name: "Batch host is swapping", id: "swap", says: "Free memory is below 5%.", severity: "", host: "batch", hosts: 3,
			perWeek: 0.7, shape: byNight, actionable: 0.1, notUrgent: 0.3},
	}},
	{rotation: "payments", name: "card-gateway", about: "Connections to card schemes", rules: []rule{
		{toolName: "newrelic", name: "Card gateway error rate above baseline", id: "22841033", says: "Error percentage deviated from its baseline", severity: "critical", host: "card-gateway", hosts: 3,
			planted: "self_clearing"},
		{toolName: "grafana", name: "Payment success ratio below target", id: "ce4k1v9xq2ry8d", says: "Fewer than 97% of card payments succeed", severity: "critical", host: "card-gateway", hosts: 2,
			perWeek: 1.3, shape: byLoad, actionable: 0.85, clears: 0.6, clearAfter: 12 * time.Minute, spread: 0.6},
	}},
	{rotation: "payments", name: "payments-queue", about: "Queue between the API and the ledger", rules: []rule{
		{toolName: "cloudwatch", name: "payments-queue-age-of-oldest-message", id: "age", metric: "ApproximateAgeOfOldestMessage", says: "The oldest message waits for more than 5 minutes",
			severity: "critical", host: "eu-west-1", hosts: 1, planted: "twin"},
	}},
	{rotation: "payments", name: "ledger", about: "The books", rules: []rule{
		{toolName: "prometheus", name: "LedgerOutOfBalance", id: "ledger", says: "Debits and credits differ", severity: "critical", host: "ledger", hosts: 1, planted: "rare_real"},
		{toolName: "cloudwatch", name: "ledger-db-cpu-high", id: "cpu", metric: "CPUUtilization", says: "CPU above 80% for three minutes", severity: "critical", host: "eu-west-1", hosts: 2,
			perWeek: 2.4, shape: byNight, actionable: 0.08, clears: 0.85, clearAfter: 17 * time.Minute, spread: 0.7},
		{toolName: "cloudwatch", name: "ledger-db-storage-forecast", id: "storage", metric: "FreeStorageSpace", says: "Storage will be used up in 14 days", severity: "warning", host: "eu-west-1", hosts: 25,
			urgency: "low", perWeek: 5.5, shape: office, notUrgent: 0.8, clears: 0.5, clearAfter: 20 * time.Hour, spread: 1.6},
	}},
	{rotation: "payments", name: "payments-network", about: "Switches and links of the payment zone", rules: []rule{
		{toolName: "prometheus", name: "TargetDown", id: "down", says: "The target cannot be reached", severity: "critical", host: "pay-node", hosts: 80, planted: "storm"},
	}},
	{rotation: "platform", name: "edge-proxy", about: "Where requests come in", rules: []rule{
		{toolName: "grafana", name: "Edge 5xx ratio", id: "ae2r7m4wz1ub9c", says: "More than 1% of responses are 5xx", severity: "critical", host: "edge", hosts: 6,
			perWeek: 2.2, shape: flat, actionable: 0.6, clears: 0.8, clearAfter: 8 * time.Minute, spread: 0.7},
		{toolName: "datadog", name: "TLS handshake failures on edge", id: "9021177", metric: "edge.tls.failures", says: "Handshake failures above 3%", severity: "error", host: "edge", hosts: 6,
			perWeek: 0.9, shape: flat, actionable: 0.4, clears: 0.9, clearAfter: 16 * time.Minute, spread: 0.6},
	}},
	{rotation: "platform", name: "kubernetes", about: "Clusters that everything runs on", rules: []rule{
		{toolName: "prometheus", name: "KubeNodeNotReady", id: "node", says: "A node has been not ready for 15 minutes", severity: "critical", host: "kube-node", hosts: 12,
			perWeek: 1.8, shape: flat, actionable: 0.5, clears: 0.7, clearAfter: 22 * time.Minute, spread: 0.8},
		{toolName: "prometheus", name: "KubePodCrashLooping", id: "crash", says: "A pod restarts again and again", severity: "critical", host: "kube-pod", hosts: 20,
			perWeek: 1.6, shape: byLoad, actionable: 0.35, notUrgent: 0.3, clears: 0.7, clearAfter: 30 * time.Minute, spread: 1},
		{toolName: "prometheus", name: "KubePersistentVolumeFillingUp", id: "pv", says: "A volume will be full in four days", severity: "warning", host: "kube-pv", hosts: 40,
			urgency: "low", perWeek: 7, shape: flat, notUrgent: 0.9},
	}},
	{rotation: "platform", name: "identity", about: "Sign-in for customers and staff", ackTimeout: 30 * time.Minute, rules: []rule{
		{toolName: "datadog", name: "Login success rate is low", id: "9033410", metric: "identity.login.success", says: "Fewer than 95% of logins succeed", severity: "critical", host: "identity", hosts: 3,
			perWeek: 0.8, shape: byLoad, actionable: 0.8, clears: 0.7, clearAfter: 10 * time.Minute, spread: 0.6},
	}},
	{rotation: "platform", name: "message-bus", about: "Kafka", autoResolve: 24 * time.Hour, rules: []rule{
		{toolName: "nagios", name: "Kafka under-replicated partitions", id: "kafka", says: "CRITICAL: 14 partitions are under-replicated", severity: "critical", host: "kafka", hosts: 5,
			perWeek: 1.1, shape: flat, actionable: 0.5, clears: 0.9, clearAfter: 13 * time.Minute, spread: 0.7},
		{toolName: "nagios", name: "Kafka disk usage", id: "kafkadisk", says: "WARNING: 71% of /data is used", severity: "warning", host: "kafka", hosts: 25,
			urgency: "low", perWeek: 5, shape: flat, notUrgent: 0.6, clears: 0.6, clearAfter: 15 * time.Hour, spread: 1.4},
	}},
	{rotation: "checkout", name: "checkout-web", about: "The shop's checkout", rules: []rule{
		{toolName: "sentry", name: "Checkout errors above 50 an hour", id: "7741", says: "TypeError: Cannot read properties of undefined (reading 'total')", severity: "error", host: "checkout/cart.js", hosts: 4,
			perWeek: 1.1, shape: byLoad, actionable: 0.75, clears: 0.5, clearAfter: 25 * time.Minute, spread: 0.7},
		{toolName: "newrelic", name: "Checkout Apdex is low", id: "22990418", says: "Apdex below 0.7 for 10 minutes", severity: "critical", host: "checkout-web", hosts: 3,
			perWeek: 0.8, shape: byLoad, actionable: 0.6, clears: 0.9, clearAfter: 12 * time.Minute, spread: 0.6},
	}},
	{rotation: "checkout", name: "cart", about: "The basket", rules: []rule{
		{toolName: "grafana", name: "Cart cannot reach inventory", id: "bf9s3n6yt0we5a", says: "Calls to inventory time out", severity: "critical", host: "cart", hosts: 3,
			perWeek: 0.7, shape: byLoad, actionable: 0.8, clears: 0.8, clearAfter: 9 * time.Minute, spread: 0.5},
		{toolName: "grafana", name: "Cart sessions table grows", id: "cf1d8p5ks7ho3b", says: "The table has grown by 20% in a week", severity: "warning", host: "cart-db", hosts: 20,
			urgency: "low", perWeek: 4, shape: office, notUrgent: 0.9},
	}},
}

// scenarios multiply the volume of each rotation's rules; quiet leaves the
// planted noise out.
var scenarios = map[string]struct {
	payments, platform, checkout, low float64
	quiet                             bool
}{
	"all":        {payments: 1, platform: 1, checkout: 1, low: 1},
	"healthy":    {payments: 0.2, platform: 0.5, checkout: 0.8, low: 0.4, quiet: true},
	"noisy":      {payments: 1.3, platform: 2, checkout: 2.5, low: 1},
	"overloaded": {payments: 2.6, platform: 5, checkout: 8, low: 1.5},
}
