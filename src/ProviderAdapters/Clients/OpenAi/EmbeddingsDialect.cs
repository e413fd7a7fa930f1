using System.Buffers;

namespace Aigc2d.ProviderAdapters.Clients.OpenAi;

/// <summary>OpenAI's embeddings.</summary>
internal sealed class EmbeddingsDialect : IClientDialect
{
    public ClientCall? Read(ReadOnlyMemory<byte> body, IHeaderDictionary headers, out string? faultyMember) =>
        EmbeddingsShape.Read(body.Span, out faultyMember) is { } shape ? new OpenAiEmbeddings(body, shape) : null;

    public byte[] ErrorBody(ClientError error, int status, Guid requestId) => OpenAiErrorFormat.Body(error);

    public void WriteErrorFrame(IBufferWriter<byte> output, ClientError error, int status, Guid requestId) => OpenAiErrorFormat.WriteFrame(output, error);
}
