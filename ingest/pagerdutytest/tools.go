package pagerdutytest

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
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
		title: func(o *occurrence) string { return fmt.Sprintf("%s on %s: %.1f %%", o.rule.name, o.host, o.value) },
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

func (o *occurrence) titleText() string {
	if o.rule == nil {
		return o.words
	}
	return o.rule.tool.title(o)
}

// payload is the details that a tool sent, written out only when served: a
// hundred thousand of them would not be small.
type payload struct{ o *occurrence }

// MarshalJSON writes the tool's own fields.
func (p payload) MarshalJSON() ([]byte, error) { return json.Marshal(p.o.rule.tool.details(p.o)) }

// cefPayload is the common event format that PagerDuty derives from an event.
type cefPayload struct{ o *occurrence }

// MarshalJSON writes the fields seen in recorded alerts.
func (p cefPayload) MarshalJSON() ([]byte, error) {
	o := p.o
	var clientURL any
	if o.rule.tool.clientURL != nil {
		clientURL = o.rule.tool.clientURL(o)
	}
	return json.Marshal(map[string]any{
		"client": o.rule.tool.client, "client_url": clientURL, "contexts": []any{}, "dedup_key": o.key(),
		"creation_time": o.at.UTC().Format("2006-01-02T15:04:05.000000Z"), "description": o.titleText(), "message": o.titleText(),
		"details": payload{o}, "severity": o.rule.severity, "priority": nil, "event_class": nil,
		"service_group": o.rule.service.name, "source_component": o.rule.service.name, "source_origin": o.host, "source_location": nil,
	})
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
