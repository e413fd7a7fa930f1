using System.Text.Json.Serialization;
using Aigc2d.Contracts.Moderation;
using Aigc2d.Gateway.Calls;
using Aigc2d.Gateway.Dialects;
using Aigc2d.Gateway.Dialects.Anthropic;
using Aigc2d.Gateway.Edges;
using Aigc2d.Gateway.Forwarding;
using Aigc2d.Gateway.Models;

namespace Aigc2d.Gateway.TokenCounts;

/// <summary>
/// <c>POST /v1/messages/count_tokens</c>: how many tokens a prompt has, from Anthropic where a channel of theirs lists the model, else by our own count. It
/// is free. A provider reads the prompt, so that one which the content rules forbid is counted here.
/// </summary>
internal sealed class CountTokens(ReceiveCall receive, StartCalls starts, CallableModels models, FreeQuestions providers, IModerationApi moderation)
{
    private static readonly CallRoute Route = new("/v1/messages/count_tokens", static () => new MessagesBody(isCounted: true));

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost(Route.Path, static (HttpContext context, CountTokens counts) => counts.HandleAsync(context));

    private async Task<IResult> HandleAsync(HttpContext context)
    {
        var (received, error) = await receive.ReceiveAsync(context, Route);
        if (received is null) return error!;

        using var started = starts.Start(context, received, 0);
        if (AdmissionErrors.RateLimited(started.Verdict, received.Call) is { } full) return full;
        if (await models.ListAsync(received.Principal, context.RequestAborted) is { } callable && !callable.Any(model => model.Name == received.Call.Model))
            return ApiErrors.ModelNotFound(received.Call.Model);

        var answer = await IsInnocentAsync(received.Call, context.RequestAborted) ? await providers.AskAsync(context, received) : null;
        return answer ?? (IResult)TypedResults.Ok(new TokenCountResponse(received.Call.InputTokens));
    }

    private async Task<bool> IsInnocentAsync(CallRequest call, CancellationToken ct)
    {
        if (call.Texts.Length == 0) return true;
        try
        {
            var found = await moderation.ClassifyAsync(new ClassifyRequest { Inputs = [call.Texts] }, ct);
            return found.Results[0].Rules.Length == 0;
        }
        catch (Exception exception) when (!ct.IsCancellationRequested && Outages.Include(exception))
        {
            return false;
        }
    }
}

/// <summary>The answer in Anthropic's shape.</summary>
/// <param name="InputTokens">Tokens of the prompt, ≥ 0.</param>
internal sealed record TokenCountResponse([property: JsonPropertyName("input_tokens")] int InputTokens);
