using Aigc2d.Contracts.Moderation;
using Aigc2d.Gateway.Calls;
using Aigc2d.Gateway.Dialects;
using Aigc2d.Gateway.Dialects.OpenAi;
using Aigc2d.Gateway.Edges;
using Aigc2d.Gateway.Forwarding;

namespace Aigc2d.Gateway.Moderations;

/// <summary>
/// <c>POST /v1/moderations</c>: what is in a text, from a provider whose channel lists the model, else from our own engine. It is free, counts against
/// the plan's limits, and is never held against whoever asks.
/// </summary>
internal sealed class ModerateInput(ReceiveCall receive, StartCalls starts, FreeQuestions providers, IModerationApi moderation)
{
    /// <summary>What our engine calls itself.</summary>
    public const string OwnModel = "aigc2d-moderation";

    private static readonly CallRoute Route = new("/v1/moderations", static () => new ModerationBody());

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost(Route.Path, static (HttpContext context, ModerateInput moderations) => moderations.HandleAsync(context));

    private async Task<IResult> HandleAsync(HttpContext context)
    {
        var (received, error) = await receive.ReceiveAsync(context, Route);
        if (received is null) return error!;

        var request = (ModerationRequest)received.Call;
        using var started = starts.Start(context, received, request.InputTokens);
        if (AdmissionErrors.RateLimited(started.Verdict, request) is { } full) return full;

        return await providers.AskAsync(context, received) ?? await AnswerOwnAsync(context, request);
    }

    private async Task<IResult> AnswerOwnAsync(HttpContext context, ModerationRequest request)
    {
        if (!ModerationModels.IsOurs(request.Model)) return ApiErrors.ModelNotFound(request.Model);
        if (request.HasImages) return ApiErrors.Invalid(new("input", BodyRefusal.InvalidValue, "Invalid 'input': images cannot be looked at here, for no provider's moderation is connected. Send text."));

        try
        {
            var answer = await moderation.ClassifyAsync(new ClassifyRequest { Inputs = request.Inputs }, context.RequestAborted);
            return TypedResults.Ok(ModerationResponse.Of(CallTrail.Of(context).RequestId, OwnModel, answer.Results));
        }
        catch (Exception exception) when (!context.RequestAborted.IsCancellationRequested && Outages.Include(exception))
        {
            return ApiErrors.Unavailable();
        }
    }
}
