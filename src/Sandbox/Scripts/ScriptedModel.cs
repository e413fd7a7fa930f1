using System.Globalization;

namespace Aigc2d.Sandbox.Scripts;

/// <summary>A model name taken apart: the name itself and the script behind its <c>@</c>. Strict, so that a misspelt experiment fails at once.</summary>
public sealed record ScriptedModel(string Asked, string Name, Script Script)
{
    private static readonly string[] UsageClaims = ["none", "negative", "fractional", "huge", "zero"];

    /// <exception cref="FormatException">The script has an unknown key or a malformed value; the message names the key.</exception>
    public static ScriptedModel Parse(string model)
    {
        var at = model.IndexOf('@', StringComparison.Ordinal);
        if (at < 0) return new ScriptedModel(model, model, new Script());

        var script = new Script();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var part in model[(at + 1)..].Split(','))
        {
            var equals = part.IndexOf('=', StringComparison.Ordinal);
            var key = equals < 0 ? part : part[..equals];
            if (!seen.Add(key)) throw new FormatException($"Script key '{key}' is given twice.");
            script = Apply(script, key, equals < 0 ? null : part[(equals + 1)..]);
        }

        if (script is { GateAfter: not null, Gate: null }) throw new FormatException("Script key 'gateafter' needs a 'gate'.");
        return new ScriptedModel(model, model[..at], script);
    }

    private static Script Apply(Script script, string key, string? value) => (key, value) switch
    {
        ("delay", _) => script with { First = Duration(key, value), Interval = Duration(key, value) },
        ("first", _) => script with { First = Duration(key, value) },
        ("interval", _) => script with { Interval = Duration(key, value) },
        ("chunks", _) => script with { Chunks = Number(key, value, 1, 1_000_000) },
        ("text", { Length: > 0 }) => script with { Text = Uri.UnescapeDataString(value) },
        ("words", _) => script with { Words = Number(key, value, 1, 1_000_000) },
        ("status", _) => script with { Status = Number(key, value, 300, 599) },
        ("code", { Length: > 0 }) => script with { Code = value },
        ("error", _) => script with { ErrorCode = Number(key, value, 1, 999_999) },
        ("retryafter", _) => script with { RetryAfterSeconds = Number(key, value, 0, 86_400) },
        ("cut", _) => script with { CutAfter = Number(key, value, 0, 1_000_000) },
        ("end", _) => script with { EndAfter = Number(key, value, 0, 1_000_000) },
        ("garbage", _) => script with { GarbageAfter = Number(key, value, 0, 1_000_000) },
        ("errorframe", _) => script with { ErrorFrameAfter = Number(key, value, 0, 1_000_000) },
        ("hang", null) => script with { Hang = true },
        ("hang", _) => script with { HangAfter = Number(key, value, 0, 1_000_000) },
        ("usage", not null) when UsageClaims.Contains(value) => script with { Usage = value },
        ("input", _) => script with { InputTokens = Number(key, value, 0, int.MaxValue) },
        ("output", _) => script with { OutputTokens = Number(key, value, 0, int.MaxValue) },
        ("cached", _) => script with { CachedTokens = Number(key, value, 0, int.MaxValue) },
        ("filter", null) => script with { Filter = true },
        ("cachewrite", _) => script with { CacheWriteTokens = Number(key, value, 0, int.MaxValue) },
        ("reasoning", _) => script with { ReasoningTokens = Number(key, value, 1, 100_000) },
        ("tools", null) => script with { Tools = 1 },
        ("tools", _) => script with { Tools = Number(key, value, 1, 16) },
        ("toolargs", not null) => script with { ToolArguments = Uri.UnescapeDataString(value) },
        ("finish", { Length: > 0 }) => script with { FinishReason = value },
        ("flag", _) => script with { Flag = Number(key, value, 0, 4) },
        ("echo", null) => script with { Echo = true },
        ("floats", null) => script with { Floats = true },
        ("nodone", null) => script with { NoDone = true },
        ("doubledone", null) => script with { DoubleDone = true },
        ("bigline", _) => script with { BigLineBytes = Size(key, value) },
        ("gate", { Length: > 0 and <= 64 }) => script with { Gate = value },
        ("gateafter", _) => script with { GateAfter = Number(key, value, 0, 1_000_000) },
        ("fails", _) => script with { FailingRequests = Number(key, value, 1, 1_000_000) },
        ("remaining", _) => script with { RemainingRequests = Number(key, value, 0, int.MaxValue) },
        ("remainingtokens", _) => script with { RemainingTokens = Number(key, value, 0, int.MaxValue) },
        ("reset", _) => script with { Reset = Duration(key, value) },
        ("lifetime", _) => script with { Lifetime = LongDuration(key, value) },
        ("text" or "code" or "usage" or "toolargs" or "finish" or "filter" or "echo" or "floats" or "nodone" or "doubledone" or "gate", _) => throw Malformed(key, value),
        _ => throw new FormatException($"Unknown script key '{key}'."),
    };

    private static int Number(string key, string? value, int min, int max) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max ? number : throw Malformed(key, value);

    private static TimeSpan Duration(string key, string? value) => value switch
    {
        not null when value.EndsWith("ms", StringComparison.Ordinal) => TimeSpan.FromMilliseconds(Number(key, value[..^2], 0, 3_600_000)),
        not null when value.EndsWith('s') => TimeSpan.FromSeconds(Number(key, value[..^1], 0, 3_600)),
        _ => throw Malformed(key, value),
    };

    private static TimeSpan LongDuration(string key, string? value) =>
        value is not null && value.EndsWith('s') ? TimeSpan.FromSeconds(Number(key, value[..^1], 0, 2_592_000)) : throw Malformed(key, value);

    private static int Size(string key, string? value) => value switch
    {
        not null when value.EndsWith("MB", StringComparison.Ordinal) => Number(key, value[..^2], 1, 64) * 1024 * 1024,
        not null when value.EndsWith("KB", StringComparison.Ordinal) => Number(key, value[..^2], 1, 64 * 1024) * 1024,
        _ => throw Malformed(key, value),
    };

    private static FormatException Malformed(string key, string? value) =>
        new(value is null ? $"Script key '{key}' needs a value." : $"Script key '{key}' does not take '{value}'.");
}
