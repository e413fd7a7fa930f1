using System.Text;
using Aigc2d.ProviderAdapters.Adapters;
using Aigc2d.ProviderAdapters.Adapters.Anthropic;
using Aigc2d.ProviderAdapters.Adapters.OpenAi;
using Aigc2d.ServiceDefaults.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Refit;

namespace Aigc2d.ProviderAdapters.Channels;

/// <summary>Asks a channel's provider which models it has, so that an operator need not guess their names.</summary>
internal static class ListUpstreamModels
{
    private const string AnthropicVersion = "2023-06-01";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    public static void MapListUpstreamModels(this IEndpointRouteBuilder routes) => routes.MapGet("/{id:guid}/upstream-models", Handle);

    private static async Task<Results<Ok<UpstreamModelsResponse>, ProblemHttpResult>> Handle(
        Guid id, ChannelDirectory directory, AdapterFamilies families, ProviderLists lists, TimeProvider time, CancellationToken ct)
    {
        if (!directory.Routes.ById.TryGetValue(id, out var channel)) return Problems.NotFound($"There is no channel {id}.");
        if (ProviderLists.AddressOf(channel) is not { } address) return Problems.Conflict("not-offered", $"The provider of channel {id} does not list its models by key and address. Look them up in its console.");

        using var limit = new CancellationTokenSource(Limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, ct);
        var isAnthropic = channel.Provider == "anthropic";
        try
        {
            using var client = lists.ClientOf(address);
            using var answer = await RestService.For<IModelsApi>(client).ListAsync(
                isAnthropic ? null : $"Bearer {channel.Credential}", isAnthropic ? channel.Credential : null, isAnthropic ? AnthropicVersion : null, either.Token);
            if (answer is { IsSuccessful: true, Content.Data: { } data })
                return TypedResults.Ok(new UpstreamModelsResponse([.. data.Select(model => model?.Id).OfType<string>().Order(StringComparer.Ordinal).Select(name => new UpstreamModel(name))], null));
            return Failed(answer.Error is ApiException error
                ? $"status {(int)error.StatusCode}: {families[channel.Provider].Describe(Encoding.UTF8.GetBytes(error.Content ?? ""), channel, channel.Models[0])}"
                : "not reached, or the answer is not a list of models");
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return Failed("not answered in time");
        }
    }

    private static ProblemHttpResult Failed(string reason) =>
        Problems.Of(StatusCodes.Status502BadGateway, "provider-error", "The provider did not list its models", $"{reason}. Check address and credential with POST /admin/channels/{{id}}/test.");

    /// <summary>The models, sorted by name.</summary>
    internal sealed record UpstreamModelsResponse(UpstreamModel[] Items, string? Next);

    /// <summary>A model as the provider calls it.</summary>
    internal sealed record UpstreamModel(string Name);
}

/// <summary>The connections for lists of models: one for all, since nobody waits for them.</summary>
internal sealed class ProviderLists : IDisposable
{
    private readonly SocketsHttpHandler _handler = ProviderHttp.CreateHandler();

    /// <summary>Where a channel's provider lists its models; null when it does not, as Azure and Wenxin's first version.</summary>
    public static Uri? AddressOf(Channel channel) => channel.Provider switch
    {
        "openai" => UpstreamAddress.Of(channel, channel.Models[0], UpstreamAddress.Chat) is (var chats, false) ? new Uri(chats, "../") : null,
        "wenxin-v2" => new Uri(UpstreamAddress.Of(channel.BaseUrl, "v2", UpstreamAddress.Chat), "../"),
        "anthropic" => new Uri(AnthropicAdapter.AddressOf(channel.BaseUrl), "./"),
        _ => null,
    };

    /// <summary>A client at an address; closing it leaves the connections open.</summary>
    public HttpClient ClientOf(Uri address) => new(_handler, disposeHandler: false) { BaseAddress = address, Timeout = Timeout.InfiniteTimeSpan };

    public void Dispose() => _handler.Dispose();
}
