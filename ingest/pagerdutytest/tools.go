package pagerdutytest

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"time"
)

// tool is a monitoring tool, and how its events look in PagerDuty.
type tool struct {
	vendor      string // the vendor's name in PagerDuty
	website     string
	integration string // the integration's type
	channel     string // the channel type of its log entries
	client      string
	clientURL   func(o *occurrence) string
	key         func(o *occurrence) string
	title       func(o *occurrence) string
	details     func(o *occurrence) map[string]any
}

const (
	eventsV2   = "events_api_v2_inbound_integration"
	cloudwatch = "aws_cloudwatch_inbound_integration"
	nagiosIn   = "nagios_inbound_integration"
	emailIn    = "generic_email_inbound_integration"
)

var tools = map[string]*tool{
	"prometheus": {
		vendor: "Prometheus", website: "https://prometheus.io", integration: eventsV2, channel: "api", client: "Alertmanager",
		clientURL: func(*occurrence) string { return "http://alertmanager.monitoring.svc:9093" },
		key:       func(o *occurrence) string { return o.hash(64) }, // Alertmanager hashes the group's labels
		title: func(o *occurrence) string {
			return fmt.Sprintf("[FIRING:1] %s %s (%s prod %s)", o.rule.name, o.host, o.rule.service.name, o.rule.severity)
		},
		details: func(o *occurrence) map[string]any {
			firing := fmt.Sprintf("Labels:\n - alertname = %s\n - instance = %s:9100\n - job = %s\n - severity = %s\nAnnotations:\n - summary = %s\nSource: https://prometheus.tidewater.example/graph?g0.expr=%s\n",
				o.rule.name, o.host, o.rule.service.name, o.rule.severity, o.rule.says, o.rule.name)
			return map[string]any{"firing": firing, "num_firing": "1", "num_resolved": "0", "resolved": ""}
		},
	},
	"datadog": {
		vendor: "Datadog", website: "https://www.datadoghq.com", integration: eventsV2, channel: "api", client: "Datadog",
		clientURL: func(o *occurrence) string {
			return fmt.Sprintf("https://app.datadoghq.eu/monitors/%s?group=host:%s", o.rule.id, o.host)
		},
		key: func(o *occurrence) string { return o.hash(32) },
		title: func(o *occurrence) string {
			return fmt.Sprintf("[Triggered on {host:%s}] %s", o.host, o.rule.name)
		},
		details: func(o *occurrence) map[string]any {
			return map[string]any{
				"title": o.rule.name, "monitor_id": o.rule.id, "monitor_state": "Triggered", "event_type": "query_alert_monitor",
				"event_id": fmt.Sprint(7_000_000_000_000 + o.serial%1_000_000_000), "org": "Tidewater", "priority": "normal",
				"query": fmt.Sprintf("avg(last_5m):avg:%s{host:%s} > 90", o.rule.metric, o.host),
				"tags":  fmt.Sprintf("env:prod, host:%s, service:%s", o.host, o.rule.service.name),
				"body":  fmt.Sprintf("%s\nMetric value: %.1f", o.rule.says, o.value), "user": nil,
			}
		},
	},
	"cloudwatch": {
		vendor: "Amazon CloudWatch", website: "https://aws.amazon.com/cloudwatch", integration: cloudwatch, channel: "api", client: "",
		key: func(o *occurrence) string {
			return fmt.Sprintf("arn:aws:cloudwatch:eu-west-1:4821700953%02d:alarm:%s", o.hostNumber%100, o.rule.name)
		},
		title: func(o *occurrence) string { return fmt.Sprintf("ALARM: %q in EU (Ireland)", o.rule.name) },
		details: func(o *occurrence) map[string]any {
			return map[string]any{
				"AlarmName": o.rule.name, "AlarmDescription": o.rule.says, "AWSAccountId": fmt.Sprintf("4821700953%02d", o.hostNumber%100),
				"Region": "EU (Ireland)", "OldStateValue": "OK", "NewStateValue": "ALARM",
				"NewStateReason":  fmt.Sprintf("Threshold Crossed: 3 datapoints [%.1f] were greater than the threshold (80.0).", o.value),
				"StateChangeTime": o.at.UTC().Format("2006-01-02T15:04:05.000+0000"),
				"Trigger":         map[string]any{"MetricName": o.rule.metric, "Namespace": "AWS/RDS", "Statistic": "AVERAGE", "Period": 60, "Threshold": 80.0},
			}
		},
	},
	"grafana": {
		vendor: "Grafana", website: "https://grafana.com", integration: eventsV2, channel: "api", client: "Grafana",
		clientURL: func(*occurrence) string { return "https://grafana.tidewater.example/" },
		key:       func(o *occurrence) string { return o.hash(64) },
		title: func(o *occurrence) string {
			return fmt.Sprintf("[FIRING:1] %s (%s %s)", o.rule.name, o.rule.service.name, o.host)
		},
		details: func(o *occurrence) map[string]any {
			firing := fmt.Sprintf("\nValue: A=%.2f\nLabels:\n - alertname = %s\n - grafana_folder = %s\n - instance = %s\nAnnotations:\n - summary = %s\nSource: https://grafana.tidewater.example/alerting/grafana/%s/view?orgId=1\n",
				o.value, o.rule.name, o.rule.service.name, o.host, o.rule.says, o.rule.id)
			return map[string]any{"firing": firing, "num_firing": "1", "num_resolved": "0", "resolved": "", "rule_uid": o.rule.id}
		},
	},
	"newrelic": {
		vendor: "New Relic", website: "https://newrelic.com", integration: eventsV2, channel: "api", client: "New Relic",
		clientURL: func(o *occurrence) string {
			return "https://one.eu.newrelic.com/alerts/issue?id=" + o.key()
		},
		// Each issue has a key of its own: the same condition never has one twice.
		key: func(o *occurrence) string {
			h := sha(fmt.Sprint(o.serial), 32)
			return h[:8] + "-" + h[8:12] + "-4" + h[13:16] + "-a" + h[17:20] + "-" + h[20:32]
		},
		title: func(o *occurrence) string { return fmt.Sprintf("%s on %s: %.1f %%", o.rule.name, o.host, o.value/12) },
		details: func(o *occurrence) map[string]any {
			return map[string]any{
				"account_id": 3120457, "account_name": "Tidewater", "event_type": "INCIDENT", "current_state": "open", "severity": "CRITICAL",
				"condition_id": o.rule.id, "condition_name": o.rule.name, "policy_name": o.rule.service.name, "details": o.rule.says,
				"incident_id": o.serial % 10_000_000, "targets": []map[string]any{{"name": o.host, "type": "Application"}}, "owner": "",
				"timestamp": o.at.UnixMilli(),
			}
		},
	},
	"nagios": {
		vendor: "Nagios", website: "https://www.nagios.org", integration: nagiosIn, channel: "nagios", client: "",
		key: func(o *occurrence) string {
			return fmt.Sprintf("event_source=service;host_name=%s;service_desc=%s", o.host, o.rule.name)
		},
		title: func(o *occurrence) string { return fmt.Sprintf("%s on %s is CRITICAL", o.rule.name, o.host) },
		details: func(o *occurrence) map[string]any {
			return map[string]any{
				"pd_nagios_object": "service", "HOSTNAME": o.host, "HOSTDESC": o.host, "HOSTSTATE": "UP", "SERVICEDESC": o.rule.name,
				"SERVICESTATE": "CRITICAL", "SERVICEOUTPUT": o.rule.says, "NOTIFICATIONTYPE": "PROBLEM",
				"LONGDATETIME": o.at.UTC().Format(time.RFC1123),
			}
		},
	},
	"sentry": {
		vendor: "Sentry", website: "https://sentry.io", integration: eventsV2, channel: "api", client: "Sentry",
		clientURL: func(o *occurrence) string {
			return "https://tidewater.sentry.example/issues/" + o.issue() + "/"
		},
		key:   func(o *occurrence) string { return "sentry-" + o.issue() },
		title: func(o *occurrence) string { return fmt.Sprintf("%s in %s", o.rule.says, o.host) },
		details: func(o *occurrence) map[string]any {
			return map[string]any{
				"title": o.rule.says, "culprit": o.host, "project": o.rule.service.name, "environment": "production", "rule": o.rule.name,
				"event_id": o.hash(32), "url": "https://tidewater.sentry.example/issues/" + o.issue() + "/",
				"datetime": o.at.UTC().Format(time.RFC3339),
			}
		},
	},
	"email": {
		vendor: "", integration: emailIn, channel: "email",
		key:     func(o *occurrence) string { return o.hash(32) },
		title:   func(o *occurrence) string { return fmt.Sprintf("%s on %s", o.rule.name, o.host) },
		details: func(*occurrence) map[string]any { return nil },
	},
}

func sha(text string, n int) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])[:n]
}

// hash is the same for every event of a rule on a host.
func (o *occurrence) hash(n int) string { return sha(o.rule.id+"/"+o.rule.name+"/"+o.host, n) }

func (o *occurrence) issue() string {
	return fmt.Sprint(40_000_000 + len(o.rule.name)*1000 + o.hostNumber)
}

func (o *occurrence) key() string { return o.rule.tool.key(o) }

// titleText is kept: many things carry it.
func (o *occurrence) titleText() string {
	if o.rule != nil && o.words == "" {
		o.words = o.rule.tool.title(o)
	}
	return o.words
}

// lazy is a value that is written out only when it is served: a hundred
// thousand payloads would not be small.
type lazy interface{ value() any }

// served returns what a lazy value stands for, and any other as it is.
func served(x any) any {
	if l, ok := x.(lazy); ok {
		return l.value()
	}
	return x
}

// payload is the details that a tool sent.
type payload struct{ o *occurrence }

func (p payload) value() any { return p.o.rule.tool.details(p.o) }

// cefPayload is the common event format that PagerDuty derives from an event;
// its fields are those of recorded alerts.
type cefPayload struct{ o *occurrence }

func (p cefPayload) value() any {
	o := p.o
	c := cefDetails{Client: o.rule.tool.client, Contexts: []any{}, DedupKey: o.key(), CreationTime: o.at.UTC().Format("2006-01-02T15:04:05.000000Z"),
		Description: o.titleText(), Message: o.titleText(), Details: payload{o}.value(), Severity: o.rule.severity,
		ServiceGroup: o.rule.service.name, SourceComponent: o.rule.service.name, SourceOrigin: o.host}
	if o.rule.tool.clientURL != nil {
		c.ClientURL = NullString(o.rule.tool.clientURL(o))
	}
	return c
}

type cefDetails struct {
	Client          string     `json:"client"`
	ClientURL       NullString `json:"client_url"`
	Contexts        []any      `json:"contexts"`
	CreationTime    string     `json:"creation_time"`
	DedupKey        string     `json:"dedup_key"`
	Description     string     `json:"description"`
	Details         any        `json:"details"`
	EventClass      *string    `json:"event_class"`
	Message         string     `json:"message"`
	Priority        *string    `json:"priority"`
	ServiceGroup    string     `json:"service_group"`
	Severity        string     `json:"severity"`
	SourceComponent string     `json:"source_component"`
	SourceLocation  *string    `json:"source_location"`
	SourceOrigin    string     `json:"source_origin"`
}

// channel is that of the trigger entry of the occurrence.
func (o *occurrence) channel() *Channel {
	t, title := o.rule.tool, o.titleText()
	c := &Channel{Type: t.channel, Summary: title, IncidentKey: o.key(), ServiceKey: o.rule.integration.IntegrationKey}
	switch t.channel {
	case "email":
		c.Subject, c.From, c.To = title, "cron@"+o.host+".tidewater.example", o.rule.integration.IntegrationEmail
		c.Body, c.BodyContentType = o.rule.says, "text/plain"
		c.ServiceKey = ""
		return c
	case "nagios":
		c.Summary, c.Host, c.NagiosService, c.State = o.host, o.host, o.rule.name, "CRITICAL"
	default:
		c.Description, c.Client = title, t.client
		if t.clientURL != nil {
			c.ClientURL = t.clientURL(o)
		}
	}
	c.Details, c.CEFDetails = payload{o}, cefPayload{o}
	return c
}
