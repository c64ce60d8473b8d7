package settings

import (
	"bytes"
	"encoding/json"
	"strings"

	"github.com/roadstead-registry/roadstead/core/fault"
)

// foreign is a key of Harbor whose function is not there: it has Harbor's default
// and no other value.
type foreign struct {
	key   string
	value string // JSON
	write bool   // a secret: it can be sent and is never shown
}

// later lists them in Harbor's order.
func later() []foreign {
	return []foreign{
		{key: "audit_log_forward_endpoint", value: `""`},
		{key: "auth_mode", value: `"db_auth"`},
		{key: "disabled_audit_log_event_types", value: `""`},
		{key: "http_authproxy_admin_groups", value: `""`},
		{key: "http_authproxy_admin_usernames", value: `""`},
		{key: "http_authproxy_endpoint", value: `""`},
		{key: "http_authproxy_server_certificate", value: `""`},
		{key: "http_authproxy_skip_search", value: `false`},
		{key: "http_authproxy_tokenreview_endpoint", value: `""`},
		{key: "http_authproxy_verify_cert", value: `true`},
		{key: "ldap_base_dn", value: `""`},
		{key: "ldap_filter", value: `""`},
		{key: "ldap_group_admin_dn", value: `""`},
		{key: "ldap_group_attach_parallel", value: `false`},
		{key: "ldap_group_attribute_name", value: `""`},
		{key: "ldap_group_base_dn", value: `""`},
		{key: "ldap_group_membership_attribute", value: `"memberof"`},
		{key: "ldap_group_search_filter", value: `""`},
		{key: "ldap_group_search_scope", value: `2`},
		{key: "ldap_scope", value: `2`},
		{key: "ldap_search_dn", value: `""`},
		{key: "ldap_search_password", value: `""`, write: true},
		{key: "ldap_timeout", value: `5`},
		{key: "ldap_uid", value: `"cn"`},
		{key: "ldap_url", value: `""`},
		{key: "ldap_verify_cert", value: `true`},
		{key: "notification_enable", value: `true`},
		{key: "oidc_admin_group", value: `""`},
		{key: "oidc_auto_onboard", value: `false`},
		{key: "oidc_client_id", value: `""`},
		{key: "oidc_client_secret", value: `""`, write: true},
		{key: "oidc_endpoint", value: `""`},
		{key: "oidc_extra_redirect_parms", value: `"{}"`},
		{key: "oidc_group_filter", value: `""`},
		{key: "oidc_groups_claim", value: `""`},
		{key: "oidc_logout", value: `false`},
		{key: "oidc_name", value: `""`},
		{key: "oidc_scope", value: `""`},
		{key: "oidc_user_claim", value: `""`},
		{key: "oidc_verify_cert", value: `true`},
		{key: "primary_auth_mode", value: `false`},
		{key: "quota_per_project_enable", value: `true`},
		{key: "scanner_skip_update_pulltime", value: `false`},
		{key: "skip_audit_log_database", value: `false`},
		{key: "uaa_client_id", value: `""`},
		{key: "uaa_client_secret", value: `""`},
		{key: "uaa_endpoint", value: `""`},
		{key: "uaa_verify_cert", value: `false`},
	}
}

// accept lets the value through that the key has anyway, as scripts send it that
// write all settings, and refuses every other.
func (f foreign) accept(raw json.RawMessage) error {
	if bytes.Equal(bytes.TrimSpace(raw), []byte(f.value)) {
		return nil
	}
	if f.key == "auth_mode" {
		return fault.Invalid(f.key, "the auth mode cannot be modified as new users have been inserted into database; LDAP and OIDC come in a later release")
	}
	what, _, _ := strings.Cut(f.key, "_")
	if name, known := map[string]string{"ldap": "LDAP", "oidc": "OIDC", "uaa": "UAA", "http": "the authentication proxy"}[what]; known {
		return fault.Invalid(f.key, "%s cannot be set: %s is not there yet; leave it out", f.key, name)
	}
	return fault.Invalid(f.key, "%s cannot be set to anything but %s: what it switches is not there yet; leave it out", f.key, f.value)
}
