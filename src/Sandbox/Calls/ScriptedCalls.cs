using System.Text.Json;
using Aigc2d.Sandbox.Gates;
using Aigc2d.Sandbox.Requests;
using Aigc2d.Sandbox.Scripts;

namespace Aigc2d.Sandbox.Calls;

/// <summary>What every route does before it answers: note the request, find its script, check the caller.</summary>
public sealed class ScriptedCalls(ReceivedRequests requests, NamedGates gates, ScriptedFailures failures, TimeProvider time)
{
    private static readonly JsonElement NoBody = JsonDocument.Parse("{}").RootElement;

    /// <summary>Handles one request.</summary>
    /// <param name="http">The request.</param>
    /// <param name="dialect">Whose it is.</param>
    /// <param name="nameInPath">The scripted name where the path holds it; null when the body says <c>model</c>.</param>
    /// <param name="answer">Reads the request, lets the call behave and answers.</param>
    public async Task<IResult> HandleAsync(HttpContext http, IDialect dialect, string? nameInPath, Func<ScriptedCall, Task<IResult>> answer)
    {
        var ct = http.RequestAborted;
        using var reader = new StreamReader(http.Request.Body);
        var text = await reader.ReadToEndAsync(ct);
        using var json = Parse(text);
        var body = json?.RootElement ?? NoBody;
        var name = nameInPath ?? (body.ValueKind == JsonValueKind.Object && body.TryGetProperty("model", out var model) && model.ValueKind == JsonValueKind.String ? model.GetString()! : "");
        using var running = requests.Begin(new ReceivedRequest(
            name, time.GetUtcNow(), http.Request.Method, http.Request.Path.Value ?? "", RedactedQuery.Of(http.Request), HeadersOf(http.Request), text));
        try
        {
            dialect.WriteHeaders(http, new Script());
            dialect.CheckCaller(http.Request);
            if (text.Length > 0 && json is null) throw new RequestRefusedException("We could not parse the JSON body of your request.") { IsMalformed = true };
            if (body.ValueKind != JsonValueKind.Object) throw new RequestRefusedException("The body must be a JSON object.");
            return await answer(new ScriptedCall(http, dialect, body, ScriptOf(name), gates, failures, time));
        }
        catch (RequestRefusedException refused)
        {
            return dialect.Refuse(http, refused);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            return Results.Empty; // The caller has gone away; there is nobody to answer.
        }
    }

    private static ScriptedModel ScriptOf(string name)
    {
        try
        {
            return ScriptedModel.Parse(name);
        }
        catch (FormatException problem)
        {
            throw new RequestRefusedException(problem.Message) { Param = "model" };
        }
    }

    private static JsonDocument? Parse(string text)
    {
        try
        {
            return text.Length == 0 ? null : JsonDocument.Parse(text);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static Dictionary<string, string> HeadersOf(HttpRequest request) =>
        request.Headers.ToDictionary(header => header.Key.ToLowerInvariant(), header => header.Value.ToString(), StringComparer.Ordinal);
}
