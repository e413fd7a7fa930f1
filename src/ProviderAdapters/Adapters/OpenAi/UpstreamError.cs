using System.Net;
using System.Text.Json;
using Aigc2d.Contracts.Providers;
using Aigc2d.ProviderAdapters.Channels;
using Aigc2d.ProviderAdapters.Clients;

namespace Aigc2d.ProviderAdapters.Adapters.OpenAi;

/// <summary>A provider's error answer, judged by whose fault it is: the caller's, ours as its customer, or its own.</summary>
internal static class UpstreamError
{
    public static ProviderFault Judge(HttpStatusCode status, ReadOnlySpan<byte> body, Channel channel, ChannelModel model)
    {
        var said = Read(body);
        var isOurAccount = said?.Type == "insufficient_quota" || said?.Code is "insufficient_quota" or "credit_balance_exhausted" or "billing_hard_limit_reached";
        var failure = (int)status switch
        {
            _ when isOurAccount => CallFailure.ProviderError,
            400 or 413 or 415 or 422 => CallFailure.InvalidRequest,
            429 => CallFailure.RateLimited,
            _ => CallFailure.ProviderError,
        };
        var scope = (int)status switch
        {
            _ when isOurAccount => FaultScope.Account,
            401 or 402 or 403 => FaultScope.Account,
            404 => FaultScope.Model,
            429 => FaultScope.Limit,
            _ => failure == CallFailure.InvalidRequest ? FaultScope.Call : FaultScope.Attempt,
        };
        if (failure == CallFailure.InvalidRequest && said?.Code == "content_filter") return Filtered(body);
        if (failure != CallFailure.InvalidRequest || said is null) return new(scope, failure, StatusOf(failure, status), ClientError.Of(failure, model.Name));

        var text = new UpstreamText(channel, model);
        return new(scope, failure, (int)status, new ClientError(
            text.Clean(said.Message), UpstreamText.Name(said.Type) ?? "invalid_request_error", UpstreamText.Name(said.Param), UpstreamText.Name(said.Code)));
    }

    /// <summary>The provider's own words for an operator, who may read all but the credential and what goes with it.</summary>
    public static string Describe(ReadOnlySpan<byte> body, Channel channel, ChannelModel model)
    {
        if (Read(body) is not { } said) return "the answer is not OpenAI's error object";
        var name = UpstreamText.Name(said.Code) ?? UpstreamText.Name(said.Type) ?? "error";
        return $"{name}: {new UpstreamText(channel, model).Clean(said.Message)}";
    }

    /// <summary>The prompt met the provider's own filter (Azure); it says which categories of it.</summary>
    private static ProviderFault Filtered(ReadOnlySpan<byte> body)
    {
        var categories = FilteredCategories(body);
        var found = categories.Count == 0 ? "" : $" ({string.Join(", ", categories)})";
        return new(FaultScope.Call, CallFailure.InvalidRequest, StatusCodes.Status400BadRequest, new ClientError(
            $"The provider's content filter refused the prompt{found}. You are not charged. Change the prompt.", "invalid_request_error", "messages", "content_policy_violation"))
        {
            RefusedFor = RefusedFor.Of(categories),
        };
    }

    private static List<string> FilteredCategories(ReadOnlySpan<byte> body)
    {
        try
        {
            var reader = new Utf8JsonReader(body);
            var error = JsonElement.ParseValue(ref reader).GetProperty("error");
            if (!error.TryGetProperty("innererror", out var inner) || inner.ValueKind != JsonValueKind.Object) return [];
            if (!inner.TryGetProperty("content_filter_result", out var results) || results.ValueKind != JsonValueKind.Object) return [];
            return [.. results.EnumerateObject()
                .Where(result => result.Value.ValueKind == JsonValueKind.Object && result.Value.TryGetProperty("filtered", out var filtered) && filtered.ValueKind == JsonValueKind.True)
                .Select(result => UpstreamText.Name(result.Name)).OfType<string>()];
        }
        catch (InvalidOperationException)
        {
            return [];
        }
    }

    private static int StatusOf(CallFailure failure, HttpStatusCode upstream) => failure switch
    {
        CallFailure.InvalidRequest => (int)upstream,
        CallFailure.RateLimited => StatusCodes.Status429TooManyRequests,
        _ => StatusCodes.Status502BadGateway,
    };

    /// <summary>The error object as it came; null when there is none.</summary>
    public static ClientError? Read(ReadOnlySpan<byte> body)
    {
        try
        {
            var reader = new Utf8JsonReader(body);
            using var json = JsonDocument.ParseValue(ref reader);
            if (json.RootElement.ValueKind != JsonValueKind.Object || !json.RootElement.TryGetProperty("error", out var error)) return null;
            return error.ValueKind switch
            {
                JsonValueKind.Object => new ClientError(Text(error, "message") ?? "", Text(error, "type") ?? "", Text(error, "param"), Text(error, "code")),
                JsonValueKind.String => new ClientError(error.GetString()!, "", null, null),
                _ => null,
            };
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private static string? Text(JsonElement error, string name) =>
        error.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
