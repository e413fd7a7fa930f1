using System.Collections.Frozen;
using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Aigc2d.Contracts.Providers;
using Aigc2d.ProviderAdapters.Adapters.OpenAi;
using Aigc2d.ProviderAdapters.Channels;
using Aigc2d.ProviderAdapters.Clients;

namespace Aigc2d.ProviderAdapters.Adapters.Wenxin;

/// <summary>Error codes of the first generation, judged by whose fault they are; most of them come under status 200.</summary>
internal static partial class WenxinError
{
    private const int DailyLimit = 17;
    private const int ShortestSecret = 8;
    private static readonly TimeSpan BeijingTime = TimeSpan.FromHours(8);
    private static readonly FrozenSet<int> StaleToken = new[] { 13, 100, 110, 111 }.ToFrozenSet();
    private static readonly FrozenDictionary<int, Judgement> ByCode = new (Judgement Judgement, int[] Codes)[]
    {
        (Judgement.Attempt, [1, 336000, 336102, 336200, 500000]),
        (Judgement.Overloaded, [2, 336100]),
        (Judgement.Limit, [4, 18, 336501, 336502]),
        (Judgement.Account, [6, 13, 14, 15, DailyLimit, 19, 100, 110, 111, 336004]),
        (Judgement.Misconfigured, [3, 336101]),
        (Judgement.NoSuchModel, [336005]),
        (Judgement.Invalid, [336001, 336002, 336003, 336006, 336008, 336105, 336303, 337006]),
        (Judgement.TooLong, [336007, 336103]),
        (Judgement.Unsafe, [336104]),
    }.SelectMany(row => row.Codes.Select(code => KeyValuePair.Create(code, row.Judgement))).ToFrozenDictionary();

    private enum Judgement
    {
        Attempt,
        Overloaded,
        Limit,
        Account,
        Misconfigured,
        NoSuchModel,
        Invalid,
        TooLong,
        Unsafe,
    }

    /// <summary>Whether the provider did not know the access token, so that a fresh one may help.</summary>
    public static bool IsStaleToken(ReadOnlySpan<byte> body) => WenxinFrame.TryRead(body, out var said) && said.ErrorCode is { } code && StaleToken.Contains(code);

    public static ProviderFault Judge(HttpStatusCode status, ReadOnlySpan<byte> body, Channel channel, ChannelModel model, DateTimeOffset now)
    {
        var said = WenxinFrame.TryRead(body, out var frame) ? frame : default;
        var judgement = said.ErrorCode is { } code ? ByCode.GetValueOrDefault(code, Judgement.Attempt)
            : TokenRefusal.TryRead(body) is not null ? Judgement.Account
            : ByStatus(status);
        var fault = FaultOf(judgement, model, Clean(said.ErrorMessage ?? "", channel, model));
        return said.ErrorCode == DailyLimit ? fault with { RestFor = UntilTomorrow(now) } : fault;
    }

    public static string Describe(ReadOnlySpan<byte> body, Channel channel, ChannelModel model)
    {
        if (WenxinFrame.TryRead(body, out var said) && said.ErrorCode is { } code) return $"{code}: {Clean(said.ErrorMessage ?? "", channel, model)}";
        return TokenRefusal.TryRead(body) is { } refused ? $"access token refused: {Clean(refused, channel, model)}" : "the answer is not Wenxin's error object";
    }

    /// <summary>Without a code it was not the model that answered, but what stands before it.</summary>
    private static Judgement ByStatus(HttpStatusCode status) => (int)status switch
    {
        400 or 413 or 415 or 422 => Judgement.Invalid,
        401 or 402 or 403 => Judgement.Account,
        404 or 405 => Judgement.Misconfigured,
        429 => Judgement.Limit,
        503 => Judgement.Overloaded,
        _ => Judgement.Attempt,
    };

    private static ProviderFault FaultOf(Judgement judgement, ChannelModel model, string words)
    {
        return judgement switch
        {
            Judgement.Attempt => Ours(FaultScope.Attempt, CallFailure.ProviderError, 502),
            Judgement.Overloaded => Ours(FaultScope.Attempt, CallFailure.NoChannel, 503),
            Judgement.Limit => Ours(FaultScope.Limit, CallFailure.RateLimited, 429),
            Judgement.Account => Ours(FaultScope.Account, CallFailure.ProviderError, 502),
            Judgement.Misconfigured => Ours(FaultScope.Model, CallFailure.ProviderError, 502),
            Judgement.NoSuchModel => Ours(FaultScope.Model, CallFailure.ModelNotFound, 404),
            Judgement.Invalid => Theirs(words, null, "invalid_value"),
            Judgement.TooLong => Theirs(words, "messages", "context_length_exceeded"),
            Judgement.Unsafe => Theirs(words, "messages", "content_policy_violation"),
            _ => throw new InvalidOperationException($"Unhandled judgement {judgement}."),
        };

        ProviderFault Ours(FaultScope scope, CallFailure failure, int status) => new(scope, failure, status, ClientError.Of(failure, model.Name));

        ProviderFault Theirs(string message, string? param, string code)
        {
            var unexplained = ClientError.Of(CallFailure.InvalidRequest, model.Name);
            var text = message.Length == 0 ? unexplained.Message : message;
            return new(FaultScope.Call, CallFailure.InvalidRequest, 400, unexplained with { Message = text, Param = param, Code = code });
        }
    }

    /// <summary>Limits of a day are the provider's day, which begins at midnight in Beijing.</summary>
    private static TimeSpan UntilTomorrow(DateTimeOffset now)
    {
        var there = now.ToOffset(BeijingTime);
        return new DateTimeOffset(there.Date.AddDays(1), BeijingTime) - there;
    }

    private static string Clean(string words, Channel channel, ChannelModel model)
    {
        foreach (var secret in WenxinCredential.SecretsOf(channel.Credential))
        {
            if (secret.Length >= ShortestSecret) words = words.Replace(secret, "***", StringComparison.Ordinal);
        }

        return new UpstreamText(channel, model).Clean(TokenOrApp().Replace(words, "***"));
    }

    [GeneratedRegex(@"(?<=access_token=)[^\s&""]+|(?<=\bapp(?:[ _-]?id)?[ :=]{1,2})\d{4,}|\b2[45]\.[0-9a-f]{4,}\.\d+\.\d+\.[\w-]+", RegexOptions.IgnoreCase)]
    private static partial Regex TokenOrApp();

    /// <summary>How the token endpoint says no.</summary>
    private static class TokenRefusal
    {
        public static string? TryRead(ReadOnlySpan<byte> body)
        {
            try
            {
                var said = JsonElement.Parse(body);
                if (said.ValueKind != JsonValueKind.Object || !said.TryGetProperty("error", out var error) || error.ValueKind != JsonValueKind.String) return null;
                var reason = said.TryGetProperty("error_description", out var words) && words.ValueKind == JsonValueKind.String ? words.GetString() : null;
                return string.Create(CultureInfo.InvariantCulture, $"{error.GetString()} {reason}");
            }
            catch (Exception exception) when (exception is JsonException or InvalidOperationException)
            {
                return null;
            }
        }
    }
}
