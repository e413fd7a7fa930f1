using System.Net;
using System.Text.Json;
using Aigc2d.Contracts.Providers;
using Aigc2d.ProviderAdapters.Adapters.OpenAi;
using Aigc2d.ProviderAdapters.Channels;
using Aigc2d.ProviderAdapters.Clients;

namespace Aigc2d.ProviderAdapters.Adapters.Anthropic;

/// <summary>An error of Anthropic's, judged by whose fault it is and told in OpenAI's words.</summary>
internal static class AnthropicError
{
    private const string InvalidRequest = "invalid_request_error";

    public static ProviderFault Judge(HttpStatusCode status, ReadOnlySpan<byte> body, Channel channel, ChannelModel model)
    {
        var said = Read(body);
        var code = status == HttpStatusCode.OK ? StatusOf(said?.Type) : (int)status;
        var scope = code switch
        {
            _ when IsAboutOurAccount(said) => FaultScope.Account,
            401 or 402 or 403 => FaultScope.Account,
            404 => FaultScope.Model,
            429 => FaultScope.Limit,
            400 or 413 or 415 or 422 => FaultScope.Call,
            _ => FaultScope.Attempt,
        };
        var failure = scope switch
        {
            FaultScope.Call => CallFailure.InvalidRequest,
            FaultScope.Limit => CallFailure.RateLimited,
            _ => CallFailure.ProviderError,
        };
        var shown = failure switch
        {
            CallFailure.InvalidRequest => code,
            CallFailure.RateLimited => StatusCodes.Status429TooManyRequests,
            _ => StatusCodes.Status502BadGateway,
        };
        return new ProviderFault(scope, failure, shown, failure == CallFailure.InvalidRequest && said is not null ? Told(said, channel, model) : ClientError.Of(failure, model.Name));
    }

    /// <summary>The provider's own words for an operator, who may read all but the credential and what goes with it.</summary>
    public static string Describe(ReadOnlySpan<byte> body, Channel channel, ChannelModel model)
    {
        if (Read(body) is not { } said) return "the answer is not Anthropic's error object";
        var detail = UpstreamText.Name(said.Code) is { } code ? $" ({code})" : "";
        return $"{UpstreamText.Name(said.Type) ?? "error"}{detail}: {new UpstreamText(channel, model).Clean(said.Message)}";
    }

    private static ClientError Told(ClientError said, Channel channel, ChannelModel model)
    {
        var message = new UpstreamText(channel, model).Clean(said.Message);
        if (said.Message.Contains("prompt is too long", StringComparison.OrdinalIgnoreCase)) return new ClientError(message, InvalidRequest, "messages", "context_length_exceeded");
        if (said.Message.Contains("content filtering policy", StringComparison.OrdinalIgnoreCase)) return new ClientError(message, InvalidRequest, "messages", "content_policy_violation");
        return new ClientError(message, InvalidRequest, null, UpstreamText.Name(said.Code) ?? "invalid_value");
    }

    /// <summary>An empty account has been told as a fault of the request, with nothing but its words to know it by.</summary>
    private static bool IsAboutOurAccount(ClientError? said) =>
        said?.Type is "authentication_error" or "billing_error" or "permission_error"
        || said?.Message.Contains("credit balance", StringComparison.OrdinalIgnoreCase) == true;

    private static int StatusOf(string? type) => type switch
    {
        InvalidRequest => 400,
        "not_found_error" => 404,
        "request_too_large" => 413,
        "rate_limit_error" => 429,
        _ => 500,
    };

    private static ClientError? Read(ReadOnlySpan<byte> body)
    {
        try
        {
            var reader = new Utf8JsonReader(body);
            using var json = JsonDocument.ParseValue(ref reader);
            if (json.RootElement.ValueKind != JsonValueKind.Object || !json.RootElement.TryGetProperty("error", out var error)) return null;
            if (error.ValueKind != JsonValueKind.Object) return null;

            var details = error.TryGetProperty("details", out var found) && found.ValueKind == JsonValueKind.Object ? found : default;
            return new ClientError(Text(error, "message") ?? "", Text(error, "type") ?? "", null, Text(details, "error_code"));
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private static string? Text(JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
