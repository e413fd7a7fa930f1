using System.Net;
using Aigc2d.Contracts.Providers;
using Aigc2d.ProviderAdapters.Adapters;
using Aigc2d.ProviderAdapters.Calls;
using Aigc2d.ProviderAdapters.Channels;
using Aigc2d.ProviderAdapters.Routing;

namespace Aigc2d.ProviderAdapters.Questions;

/// <summary>What came of a free question: an answer, or the provider's word that the question is wrong; neither when nobody could be asked.</summary>
internal sealed record FreeAnswer(int Status, byte[] Body);

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
            var body = await ReadAsync(response, either.Token);
            if (body is not null && response.StatusCode == HttpStatusCode.OK && kind.IsAnswer(body))
            {
                attempt.End(AttemptEnd.Answered);
                return new FreeAnswer(StatusCodes.Status200OK, body);
            }

            var fault = adapter.Judge(response.StatusCode, body ?? [], channel, model);
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

    /// <summary>The whole body; null when it is longer than any answer.</summary>
    private static async Task<byte[]?> ReadAsync(HttpResponseMessage response, CancellationToken ct)
    {
        await using var source = await response.Content.ReadAsStreamAsync(ct);
        using var buffer = new MemoryStream();
        var piece = new byte[16 * 1024];
        while (await source.ReadAsync(piece, ct) is var count and > 0)
        {
            if (buffer.Length + count > MostBytes) return null;
            buffer.Write(piece, 0, count);
        }

        return buffer.ToArray();
    }
}
