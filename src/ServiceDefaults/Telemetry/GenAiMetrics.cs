using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Aigc2d.ServiceDefaults.Telemetry;

/// <summary>The metrics of OpenTelemetry's semantic conventions for generative AI.</summary>
public sealed class GenAiMetrics
{
    private const string Chat = "chat";

    private readonly Histogram<long> _tokens;
    private readonly Histogram<double> _duration;
    private readonly Histogram<double> _firstToken;

    public GenAiMetrics(IMeterFactory meters)
    {
        var meter = meters.Create("Aigc2d.GenAi");
        _tokens = meter.CreateHistogram<long>("gen_ai.client.token.usage", "{token}", "Tokens used, by gen_ai.token.type.");
        _duration = meter.CreateHistogram<double>("gen_ai.server.request.duration", "s", "Time to the last byte of a provider call.");
        _firstToken = meter.CreateHistogram<double>("gen_ai.server.time_to_first_token", "s", "Time to the first token of a provider call.");
    }

    /// <summary>Records one ended provider call. <paramref name="errorType"/> is null when it was complete.</summary>
    public void RecordCall(string provider, string model, long inputTokens, long outputTokens, TimeSpan duration, string? errorType, string operation = Chat)
    {
        var tags = Tags(provider, model, operation);
        if (errorType is not null) tags.Add("error.type", errorType);
        _duration.Record(duration.TotalSeconds, tags);

        RecordTokens("input", inputTokens);
        RecordTokens("output", outputTokens);

        void RecordTokens(string type, long count)
        {
            var typed = Tags(provider, model, operation);
            typed.Add("gen_ai.token.type", type);
            _tokens.Record(count, typed);
        }
    }

    /// <summary>Records the time until a provider's first token arrived.</summary>
    public void RecordFirstToken(string provider, string model, TimeSpan elapsed) => _firstToken.Record(elapsed.TotalSeconds, Tags(provider, model, Chat));

    private static TagList Tags(string provider, string model, string operation) => new()
    {
        { "gen_ai.operation.name", operation },
        { "gen_ai.provider.name", provider },
        { "gen_ai.request.model", model },
    };
}
