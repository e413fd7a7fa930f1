using OpenTelemetry;
using OpenTelemetry.Logs;

namespace Aigc2d.ServiceDefaults.Logging;

/// <summary>Removes secrets from log records before they are exported.</summary>
internal sealed class RedactingLogProcessor : BaseProcessor<LogRecord>
{
    public override void OnEnd(LogRecord data)
    {
        if (data.FormattedMessage is { } formatted) data.FormattedMessage = Secrets.Redact(formatted);
        if (data.Body is { } body) data.Body = Secrets.Redact(body);
        if (data.Attributes is { Count: > 0 } attributes)
        {
            data.Attributes = [.. attributes.Select(a => a.Value is string text ? new KeyValuePair<string, object?>(a.Key, Secrets.Redact(text)) : a)];
        }
    }
}
