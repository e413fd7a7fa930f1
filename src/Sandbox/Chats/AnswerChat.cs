using Aigc2d.Sandbox.Gates;
using Aigc2d.Sandbox.Requests;
using Aigc2d.Sandbox.Scripts;

namespace Aigc2d.Sandbox.Chats;

/// <summary>OpenAI's chat route: notes the request, waits as scripted, then answers or fails as scripted.</summary>
public static class AnswerChat
{
    public static void MapAnswerChat(this IEndpointRouteBuilder routes) => routes.MapPost("/chat/completions", Handle);

    private static async Task<IResult> Handle(HttpContext http, ReceivedRequests requests, NamedGates gates, ChatAnswer answer, TimeProvider time)
    {
        var ct = http.RequestAborted;
        using var body = new StreamReader(http.Request.Body);
        var text = await body.ReadToEndAsync(ct);

        ChatRequest request;
        try
        {
            request = ChatRequest.Parse(text);
        }
        catch (FormatException problem)
        {
            return OpenAiError.Result(400, "invalid_request_error", "invalid_value", problem.Message);
        }

        var script = request.Model.Script;
        using var running = requests.Begin(new ReceivedRequest(request.Model.Asked, time.GetUtcNow(), HeadersOf(http.Request), text));
        try
        {
            if (script.Gate is { } gate) await gates.WaitAsync(gate, ct);
            if (script.Hang) await Task.Delay(Timeout.InfiniteTimeSpan, time, ct);
            if (script.First > TimeSpan.Zero) await Task.Delay(script.First, time, ct);
            if (script.Status is { } status) return Fail(http, script, status);

            var reply = ChatReply.Compose(request, time.GetUtcNow().ToUnixTimeSeconds());
            await answer.WriteAsync(http, request, reply);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // The caller has gone away; there is nobody to answer.
        }

        return Results.Empty;
    }

    /// <summary>Errors speak of keys and hosts as real ones do, so that a gateway that repeats them is found out.</summary>
    private static IResult Fail(HttpContext http, Script script, int status)
    {
        if (script.RetryAfterSeconds is { } seconds) http.Response.Headers.RetryAfter = $"{seconds}";
        var host = http.Request.Host.Value;
        return status switch
        {
            400 => OpenAiError.Result(400, "invalid_request_error", script.Code ?? "invalid_value",
                $"Invalid value for 'temperature'. See https://{host}/docs for organization org-sandbox1234.", "temperature"),
            401 => OpenAiError.Result(401, "invalid_request_error", script.Code ?? "invalid_api_key",
                $"Incorrect API key provided: {RequireBearer.KeyOf(http.Request)}. You can find your API key at https://{host}/account."),
            429 => OpenAiError.Result(429, script.Code ?? "requests", script.Code ?? "rate_limit_exceeded",
                $"Rate limit reached in organization org-sandbox1234 on requests per min at {host}."),
            _ => OpenAiError.Result(status, "server_error", script.Code, $"The server {host} had an error while processing your request."),
        };
    }

    private static Dictionary<string, string> HeadersOf(HttpRequest request) =>
        request.Headers.ToDictionary(header => header.Key.ToLowerInvariant(), header => header.Value.ToString(), StringComparer.Ordinal);
}
