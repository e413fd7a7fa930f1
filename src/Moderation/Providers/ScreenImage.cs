using Aigc2d.Contracts;
using Aigc2d.Contracts.Moderation;
using Aigc2d.Moderation.Policies;
using Aigc2d.Moderation.Verdicts;
using Aigc2d.ServiceDefaults.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Aigc2d.Moderation.Providers;

/// <summary>Has a provider's moderation look at one image of a prompt and applies our policies to what it says. The contract is at <see cref="ImageCheck"/>.</summary>
internal static class ScreenImage
{
    // A file of 20 MB, which providers take, in base64 and with a kind of file before it.
    private const long LargestBody = 29 * 1024 * 1024;

    public static void MapScreenImage(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/screenings/image", HandleAsync).WithMetadata(new RequestSizeLimitAttribute(LargestBody));

    private static async Task<Results<Ok<Verdict>, ProblemHttpResult>> HandleAsync(
        HttpRequest request, PolicyList policies, ProviderModeration provider, ProviderOptions options, ImageMemory memory, EvidenceHash evidence, VerdictLog verdicts, CancellationToken ct)
    {
        if (PromptOf(request.Headers) is not { } prompt) return Problems.Invalid("headers", "must name the request and the account.");

        using var question = ImageQuestion.Of(await ReadAsync(request, ct), options.Model);
        if (question is null) return Unreadable("Its address is no public https address, and no file.");

        var key = memory.KeyOf(prompt.AccountId, question);
        var remembered = memory.Find(key);
        var word = remembered is null ? await provider.AskAsync(prompt, question, ct) : new ProviderWord(remembered);
        if (word.IsRefused) return Unreadable("The provider's moderation finds fault with it.");
        if (word.Flags is null) return Problems.Of(StatusCodes.Status503ServiceUnavailable, "no-provider", "No provider has answered", "No provider's moderation has looked at the image in time. Try again.");

        if (remembered is null) memory.Keep(key, question.IsFile, word.Flags);
        var policy = policies.Current.For(prompt.Stage, prompt.Strictness);
        var judgement = ProviderRules.OfImage(word.Flags, policy);
        if (judgement.Action is VerdictAction.Block or VerdictAction.Review) verdicts.RecordImage(prompt, judgement, policy, question.HashBy(evidence));
        return TypedResults.Ok(judgement.ToVerdict() with { Remembered = remembered is not null });
    }

    // Whole, because only then is it known whether it has been asked about.
    private static async Task<ReadOnlyMemory<byte>> ReadAsync(HttpRequest request, CancellationToken ct)
    {
        using var body = new MemoryStream((int)Math.Min(request.ContentLength ?? 0, LargestBody));
        await request.Body.CopyToAsync(body, ct);
        return body.GetBuffer().AsMemory(0, (int)body.Length);
    }

    private static ProblemHttpResult Unreadable(string why) => Problems.Of(StatusCodes.Status422UnprocessableEntity, "unreadable-image", "Nobody can look at the image", why);

    private static Screening? PromptOf(IHeaderDictionary headers)
    {
        var strictness = Strictness.Standard;
        if (!Guid.TryParse(headers[CallHeaders.RequestId], out var requestId) || !Guid.TryParse(headers[CallHeaders.AccountId], out var accountId)) return null;
        if (headers[CallHeaders.Strictness].ToString() is { Length: > 0 } named && (!Enum.TryParse(named, ignoreCase: true, out strictness) || !Enum.IsDefined(strictness))) return null;

        return new Screening
        {
            RequestId = requestId,
            AccountId = accountId,
            Stage = ScreeningStage.Prompt,
            Texts = [],
            Images = 1,
            Strictness = strictness,
            EndUser = headers[CallHeaders.EndUser].ToString() is { Length: > 0 } endUser ? Uri.UnescapeDataString(endUser) : null,
        };
    }
}
