using System.Buffers;

namespace Aigc2d.ProviderAdapters.Clients.Anthropic;

/// <summary>Anthropic's messages.</summary>
internal sealed class MessagesDialect : IClientDialect
{
    public ClientCall? Read(ReadOnlyMemory<byte> body, IHeaderDictionary headers, out string? faultyMember) =>
        MessagesShape.Read(body.Span, out faultyMember) is { } shape ? new AnthropicMessages(body, shape, AnthropicHeaders.Read(headers)) : null;

    public byte[] ErrorBody(ClientError error, int status, Guid requestId) => AnthropicErrorFormat.Body(error, status, requestId);

    public void WriteErrorFrame(IBufferWriter<byte> output, ClientError error, int status, Guid requestId) => AnthropicErrorFormat.WriteFrame(output, error, status, requestId);
}
