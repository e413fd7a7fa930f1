using System.Net;
using Aigc2d.ProviderAdapters.Channels;
using Aigc2d.ProviderAdapters.Clients;

namespace Aigc2d.ProviderAdapters.Adapters;

/// <summary>One family of providers: how it is asked, how its answers are read, what its errors mean. Keeps nothing of a call.</summary>
internal interface IProviderAdapter
{
    /// <summary>What a channel of this family has as its provider.</summary>
    string Provider { get; }

    /// <summary>Puts the client's call into this family's words: the request's body, in pieces that are written one after the other.</summary>
    /// <exception cref="UntranslatableException">The call asks for what this family cannot do.</exception>
    IReadOnlyList<ReadOnlyMemory<byte>> Translate(ClientCall call, ChannelModel model);

    /// <summary>Sends a translated call and answers as soon as the provider's headers are there.</summary>
    Task<HttpResponseMessage> SendAsync(Channel channel, ChannelModel model, ClientCall call, HttpContent body, CancellationToken ct);

    /// <summary>What reads the answer to one call, and what writes it for the client.</summary>
    (IAnswerReader Reader, IAnswerWriter Writer) Answer(ClientCall call, ChannelModel model);

    /// <summary>Whose fault an answer is that is none: an error status, or an error under status 200.</summary>
    ProviderFault Judge(HttpStatusCode status, ReadOnlySpan<byte> body, Channel channel, ChannelModel model);

    /// <summary>The provider's own words for an operator, who may read all but the credential and what goes with it.</summary>
    string Describe(ReadOnlySpan<byte> body, Channel channel, ChannelModel model);
}
