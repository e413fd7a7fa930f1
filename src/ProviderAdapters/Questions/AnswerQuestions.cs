using System.Text.Json;
using Aigc2d.Contracts;
using Aigc2d.Contracts.Providers;
using Aigc2d.ProviderAdapters.Calls;
using Aigc2d.ServiceDefaults.Http;

namespace Aigc2d.ProviderAdapters.Questions;

/// <summary>The routes of free questions: a provider's own answer, or 404 with <see cref="CallHeaders.Failure"/> when there is none to be had.</summary>
internal static class AnswerQuestions
{
    public static void MapAnswerQuestions(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/moderations", For(QuestionKind.Moderation));
        routes.MapPost("/messages/count_tokens", For(QuestionKind.CountTokens));
    }

    private static Delegate For(QuestionKind kind) => (HttpContext http, AskFree ask) => HandleAsync(http, ask, kind);

    private static async Task HandleAsync(HttpContext http, AskFree ask, QuestionKind kind)
    {
        if (CallIdentity.Read(http.Request.Headers, out var faultyHeader) is not { } identity)
        {
            await Problems.Invalid(faultyHeader!, "is missing or malformed.").ExecuteAsync(http);
            return;
        }

        var ct = http.RequestAborted;
        var body = await RequestBody.ReadAsync(http.Request, ct);
        var answer = FreeQuestion.Read(kind, body, http.Request.Headers) is { } question ? await ask.AskAsync(kind, question, identity, ct) : null;
        if (answer is null)
        {
            http.Response.StatusCode = StatusCodes.Status404NotFound;
            http.Response.Headers[CallHeaders.Failure] = JsonNamingPolicy.SnakeCaseLower.ConvertName(nameof(CallFailure.NoChannel));
            return;
        }

        http.Response.StatusCode = answer.Status;
        http.Response.ContentType = "application/json";
        http.Response.ContentLength = answer.Body.Length;
        await http.Response.Body.WriteAsync(answer.Body, ct);
    }
}
