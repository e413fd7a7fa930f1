using System.Net;
using Aigc2d.Contracts.Providers;
using Aigc2d.ProviderAdapters.Adapters;
using Aigc2d.ProviderAdapters.Calls;
using Aigc2d.ProviderAdapters.Channels;
using Aigc2d.ProviderAdapters.Routing;

namespace Aigc2d.ProviderAdapters.Questions;

/// <summary>A provider's answer to a free question, or its word that the question is wrong.</summary>
internal sealed record FreeAnswer(int Status, ReadOnlyMemory<byte> Body);

/// <summary>
/// Asks a provider what it answers for nothing. Nothing is held, recorded or charged, so that a failure costs nobody anything: one other channel is
/// tried, and whoever asked goes on without.
/// </summary>
internal sealed class AskFree(ChannelDirectory directory, AdapterFamilies families, SelectChannel select, TimeProvider time)
{
    private const int MostAttempts = 2;
    private const int MostBytes = 4 * 1024 * 1024;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    /// <summary>Null when no channel answers such questions about the model, or none did.</summary>
    public async Task<FreeAnswer?> AskAsync(QuestionKind kind, FreeQuestion question, CallIdentity identity, CancellationToken ct)
    {
        Candidate[] candidates =
        [
            .. (directory.Routes.CandidatesFor(identity.Model) ?? [])
                .Where(candidate => candidate.Channel.Provider == kind.Provider && (identity.Region is null || candidate.Channel.Region == identity.Region))
                .Select(candidate => candidate with { Kind = kind.Name }),
        ];
        var tried = new List<Guid>(MostAttempts);
        while (tried.Count < MostAttempts && select.Take(candidates, tried, null, 0) is { } attempt)
        {
            using (attempt)
            {
                tried.Add(attempt.Candidate.Channel.Id);
                if (await TryAskAsync(kind, question, attempt, identity.RequestId, ct) is { } answer) return answer;
            }
        }

        return null;
    }

    private async Task<FreeAnswer?> TryAskAsync(QuestionKind kind, FreeQuestion question, Attempt attempt, Guid requestId, CancellationToken ct)
    {
        var (channel, model) = attempt.Candidate;
        var adapter = families[channel.Provider];
        using var limit = new CancellationTokenSource(Limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, ct);
        try
        {
            using var content = new JsonPieces(adapter.Translate(question, model), static () => { });
            using var response = await adapter.SendAsync(channel, model, question, content, either.Token);
            var restFor = attempt.Hear(response);
            var body = await ProviderHttp.ReadAsync(response, MostBytes, either.Token);
            if (body is { } whole && response.StatusCode == HttpStatusCode.OK && kind.IsAnswer(whole))
            {
                attempt.End(AttemptEnd.Answered);
                return new FreeAnswer(StatusCodes.Status200OK, whole);
            }

            var fault = adapter.Judge(response.StatusCode, (body ?? default).Span, channel, model);
            attempt.End(CallFailed.EndOf(fault.Scope), restFor ?? fault.RestFor, $"status {(int)response.StatusCode}");
            return fault.Failure == CallFailure.InvalidRequest ? new FreeAnswer(fault.Status, kind.Dialect.ErrorBody(fault.Error, fault.Status, requestId)) : null;
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            attempt.End(AttemptEnd.TimedOut);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            attempt.End(AttemptEnd.Unreachable);
        }

        return null;
    }
}
